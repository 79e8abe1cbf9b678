"""Finding what was to be told and was not, because a task was killed or got lost."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from ..timeline.models import MustKnow
from .fan_out import fan_out
from .models import Notice
from .publishing import tell_must_know
from .subscribed import tell_subscribed

KEPT_DAYS = 90
#: What is older than this is no news any more; it is not told late.
_LATE = timedelta(days=3)


def refresh() -> int:
    """Finish every notice that is not complete; returns how many notifications that gave. May run twice."""
    with transaction.atomic():
        for mark in MustKnow.objects.filter(until__gt=timezone.now()):
            tell_must_know(mark)
        for days in (1, 0):
            tell_subscribed(timezone.localdate() - timedelta(days=days))
    waiting = Notice.objects.filter(is_complete=False, is_stopped=False, at__gte=timezone.now() - _LATE)
    return sum(fan_out(pk) for pk in list(waiting.order_by("pk").values_list("pk", flat=True)))


def purge() -> int:
    """Forget notices, and who got and read them, 90 days after they were made."""
    return Notice.objects.filter(at__lt=timezone.now() - timedelta(days=KEPT_DAYS)).delete()[0]
