"""How much reaches people, and the weekly cap.

Counted are e-mails at once, and what editors send. What a person gets beyond the cap waits for their digest. What is
beyond it by its nature, such as must-know pages, is neither counted nor held back.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from wagtail_personalize.conf import get_settings
from wagtail_personalize.people.batches import batches

from .events import events
from .models import Mail, Notice, Notification
from .page_events import SENT

DAYS = 7


def beyond_cap(person_ids: Collection[Any] | QuerySet) -> set[Any]:
    """Those of these people who got more messages in the last seven days than ``MESSAGES_PER_WEEK``."""
    return set(_over().filter(person__in=person_ids).values_list("person", flat=True))


def put_into_digest(notice: Notice) -> int:
    """Let a notice wait for the digest of those for whom it would be one too many; returns how many they are."""
    at_once = Notification.objects.filter(notice=notice, mail=Mail.NOW).order_by()
    if _recent_notices().count() <= get_settings().MESSAGES_PER_WEEK or not at_once.exists():
        return 0
    over = _over().filter(person__in=at_once.values("person"))
    people = list(over.values_list("person", flat=True))
    return sum(at_once.filter(person__in=some).update(mail=Mail.DIGEST) for some in batches(people))


def messages_per_head(people: QuerySet) -> tuple[int, int]:
    """How many messages these people, a queryset of users, got in the last seven days; and how many people that is."""
    return _messages().filter(person__in=people.values("pk")).count(), people.count()


def _recent_notices() -> QuerySet[Notice]:
    beyond = [event.name for event in events() if event.is_beyond_cap]
    return Notice.objects.filter(at__gte=timezone.now() - timedelta(days=DAYS)).exclude(event__in=beyond)


def _messages() -> QuerySet[Notification]:
    ids = list(_recent_notices().values_list("pk", flat=True))
    return Notification.objects.filter(Q(mail=Mail.NOW) | Q(notice__event=SENT), notice__in=ids).order_by()


def _over() -> QuerySet:
    """The people with too many, as rows of ``person``."""
    counted = _messages().values("person").annotate(messages=Count("pk"))
    return counted.filter(messages__gt=get_settings().MESSAGES_PER_WEEK).values("person")
