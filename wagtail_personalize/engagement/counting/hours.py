"""When people read: counters of views per hour of the week, for all people and for each reporting segment."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from random import randrange
from typing import Any

from django.db.models import F
from django.utils import timezone

from ..models import ALL, HourCount
from .balances import SHARDS

#: The first of a month, a weekday, an hour and a segment.
Hour = tuple[date, int, int, int]


def add_hours(views: Iterable[tuple[datetime, Collection[int]]]) -> None:
    """Count each view: when it was, and in which reporting segments its person is. Part of the caller's transaction."""
    counts: Counter[Hour] = Counter()
    for at, segments in views:
        local = timezone.localtime(at, timezone.get_default_timezone())
        for segment in (ALL, *segments):
            counts[local.date().replace(day=1), local.weekday(), local.hour, segment] += 1
    shard = randrange(SHARDS)
    rows = [HourCount(shard=shard, **_named(hour)) for hour in sorted(counts)]  # in one order: nobody waits in a circle
    HourCount.objects.bulk_create(rows, ignore_conflicts=True)
    for (month, weekday, hour, number), segments in sorted(_together(counts).items()):
        found = HourCount.objects.filter(segment_id__in=segments, month=month, weekday=weekday, hour=hour, shard=shard)
        found.update(views=F("views") + number)


def _named(hour: Hour) -> dict[str, Any]:
    return dict(zip(("month", "weekday", "hour", "segment_id"), hour, strict=True))


def _together(counts: Mapping[Hour, int]) -> dict[tuple, list[int]]:
    """Segments of which the same number was counted in the same hour: one statement for all of them."""
    found: dict[tuple, list[int]] = defaultdict(list)
    for (month, weekday, hour, segment), number in counts.items():
        found[month, weekday, hour, number].append(segment)
    return found
