"""Finding what was to be told and was not, because a task was killed or got lost."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from wagtail_personalize.people.batches import batches
from wagtail_personalize.setsql import delete_rows

from ..mailing.models import OutgoingMail
from ..timeline.models import MustKnow
from .fan_out import fan_out
from .models import Notice, Notification
from .publishing import tell_must_know
from .subscribed import tell_subscribed

KEPT_DAYS = 90
#: What is older than this is no news any more; it is not told late.
_LATE = timedelta(days=3)


def refresh() -> int:
    """Finish every notice that is not complete; returns how many notifications that gave. May run twice."""
    today = timezone.localdate()
    for mark in MustKnow.objects.filter(until__gt=timezone.now()):
        tell_must_know(mark)
    written = sum(tell_subscribed(day) for day in (today - timedelta(days=1), today))
    waiting = Notice.objects.filter(is_complete=False, is_stopped=False, at__gte=timezone.now() - _LATE)
    return written + sum(fan_out(pk) for pk in list(waiting.order_by("pk").values_list("pk", flat=True)))


def purge() -> int:
    """Forget notices, and who got and read them, 90 days after they were made."""
    forgotten = 0
    old = Notice.objects.filter(at__lt=timezone.now() - timedelta(days=KEPT_DAYS)).order_by()
    for some in batches(list(old.values_list("pk", flat=True)), 100):
        with transaction.atomic():
            delete_rows(OutgoingMail.objects.filter(notice__in=some))
            delete_rows(Notification.objects.filter(notice__in=some))
            forgotten += delete_rows(Notice.objects.filter(pk__in=some))
    return forgotten
