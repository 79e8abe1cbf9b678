"""Raw events, and the keys with which their pseudonyms were made.

Days go when they are older than ``ENGAGEMENT_RAW_DAYS``, but none before its month can change no more: people are
counted once in a month, which needs all its days. What waits to be rolled up is rolled up before.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import router, transaction

from wagtail_personalize.conf import get_settings
from wagtail_personalize.segments.days import today
from wagtail_personalize.setsql import delete_rows

from ..models import DirtyDay, Event, PeriodKey, SegmentEvent
from ..rollup.closing import forget_before, last_closed
from ..rollup.replacing import hold
from ..rollup.run import roll_up
from ..rollup.spans import first_of_month, next_month

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


def purge_raw_events() -> int:
    """Delete what is too old; returns how many rows of events there were."""
    until = first_kept_day()
    if _is_waiting(until):
        roll_up()
        if _is_waiting(until):
            return 0  # another roll-up is at it; the next purge finds it done
    _purge_keys(until)
    return sum(_purge_day(day) for day in list(_days_before(until)))


def first_kept_day() -> date:
    """Older raw events have to go."""
    open_month = first_of_month(last_closed() + _DAY)
    return min(today() - timedelta(days=get_settings().ENGAGEMENT_RAW_DAYS), open_month)


def _is_waiting(until: date) -> bool:
    """Are there marks of closed days in months or weeks that lose raw events now?"""
    reach = min(next_month(until - _DAY) + _WEEK, last_closed() + _DAY)
    return DirtyDay.objects.filter(day__lt=reach).exists()


def _days_before(until: date) -> Iterator[date]:
    days: set[date] = set()
    for model in (Event, SegmentEvent):
        days.update(model.objects.order_by().filter(day__lt=until).values_list("day", flat=True).distinct())
    yield from sorted(days)


def _purge_day(day: date) -> int:
    with transaction.atomic(using=router.db_for_write(Event)):
        hold()
        forget_before(day + _DAY)
        return sum(delete_rows(model.objects.filter(day=day)) for model in (Event, SegmentEvent))


def _purge_keys(until: date) -> None:
    """Of every period that loses its first day, and of which no event can come any more."""
    delete_rows(PeriodKey.objects.filter(start__lt=until, week=False))
    delete_rows(PeriodKey.objects.filter(start__lt=until, start__lte=last_closed() - _WEEK + _DAY, week=True))
