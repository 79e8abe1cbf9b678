"""Rolling up every day that events came for; may run twice, late, or beside itself.

A day, the week and the month around it are written together with the other marked days of that month. The mark of a day
stays until the day is closed, so whatever came while the figures were being made is in the next ones.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from wagtail_personalize.segments.refresh import ensure_today
from wagtail_personalize.setsql import delete_rows

from ..models import DirtyDay, Event, ReportingSegment, SegmentEvent
from .audience_sizes import AudienceSizes
from .closing import kept_since, last_closed, mark
from .contents import Contents
from .counting import count
from .grouping import group_days
from .replacing import Overtaken, figures_row, replace, version
from .spans import Span, first_of_month, spans_with
from .spool import Spool
from .tallies import GroupDay

_ATTEMPTS = 5


@dataclass
class Result:
    """How many days were rolled up, and how many figures that gave."""

    days: int = 0
    figures: int = 0


def roll_up() -> Result:
    """Make the figures of all marked days, and of their weeks and months."""
    ensure_today()
    delete_rows(DirtyDay.objects.filter(day__lt=kept_since()))
    result = Result()
    months = _months()
    for days, after in pairwise([*months, []]):
        later = spans_with(after)  # the week that both share is made once, with the month that stays marked
        if (written := _roll_up_patiently(days, later)) is not None:
            result.days += len(days)
            result.figures += written
    return result


def mark_all() -> None:
    """Mark every day of which there are raw events, as after a backup was restored."""
    for model in (Event, SegmentEvent):
        mark(model.objects.order_by().values_list("day", flat=True).distinct())


def _months() -> Iterable[list[date]]:
    """The marked days, those of a month together."""
    found: dict[date, list[date]] = defaultdict(list)
    for day in DirtyDay.objects.order_by("day").values_list("day", flat=True):
        found[first_of_month(day)].append(day)
    return found.values()


def _roll_up_patiently(days: list[date], later: set[Span]) -> int | None:
    """``None`` when others were faster each time: then they did it."""
    for _attempt in range(_ATTEMPTS):
        try:
            return _roll_up_days(days, later)
        except Overtaken:
            continue
    return None


def _roll_up_days(days: list[date], later: set[Span]) -> int:
    """Days of one month, but not what is made ``later``. A span without some of its raw events keeps its figures."""
    seen, complete = version(), kept_since()
    spans = {span for span in spans_with(days) - later if span.start >= complete}
    if not spans:
        return 0
    with Spool(_figures(spans)) as rows:
        return replace(spans, rows, seen=seen, settled=[day for day in days if day <= last_closed()])


def _figures(spans: set[Span]) -> Iterator[tuple[Any, ...]]:
    contents = Contents()
    sizes = AudienceSizes(contents, ReportingSegment.objects.order_by().values_list("segment_id", flat=True))
    for some in ({span for span in spans if not span.is_shared}, *({span} for span in spans if span.is_shared)):
        for content, segment, span, numbers in count(_portions(some), some, contents):
            yield figures_row(content, segment, span, sizes.of(content, segment, span), numbers, imported=False)


def _portions(spans: set[Span]) -> Iterator[Iterator[GroupDay]]:
    """What happened in these spans; either none of them is shared by two months, or it is the only one."""
    if spans:
        first, last = min(span.start for span in spans), max(span.last for span in spans)
        yield from group_days(first, last, bridged=any(span.is_shared for span in spans))
