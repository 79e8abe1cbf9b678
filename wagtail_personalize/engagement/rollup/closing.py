"""When a day can change no more, and since when all raw events are there."""

from collections.abc import Iterable
from datetime import date, timedelta

from wagtail_personalize.segments import versions
from wagtail_personalize.segments.days import today

from ..models import DirtyDay

#: Events are taken for so long after they happened, so that a day is closed when as many whole days have passed.
LATE_DAYS = 2
_KEPT_SINCE = "raw_events"


def last_closed() -> date:
    """The last day for which no event can come any more."""
    return today() - timedelta(days=LATE_DAYS + 1)


def mark(days: Iterable[date]) -> None:
    """Let the figures of these days be made again. Cheap where they are marked already."""
    DirtyDay.objects.bulk_create([DirtyDay(day=day) for day in sorted(set(days))], ignore_conflicts=True)


def kept_since() -> date:
    """The first day of which no raw events were purged: older figures cannot be made again, so they stay."""
    ordinal = versions.number_of(_KEPT_SINCE)
    return date.fromordinal(ordinal) if ordinal else date.min


def forget_before(day: date) -> None:
    """Raw events of earlier days are about to be purged; call it in the transaction of the purge."""
    versions.reach(_KEPT_SINCE, day.toordinal())
