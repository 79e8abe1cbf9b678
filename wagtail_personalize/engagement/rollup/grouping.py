"""Raw events as the roll-up needs them: joined to views by the database, in the order in which they are counted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Max, Model, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.db.models.sql.constants import MULTI

from ..kinds import SEEN, Kind
from ..models import ALL, Event, SegmentEvent

#: A database that hands out whole answers hands out no more raw rows than these at once.
ROWS_AT_ONCE = 2_000_000
_READ_AHEAD = 10_000
_VIEWING = (Kind.IMPRESSION, Kind.VIEW, Kind.ENGAGED, Kind.SCROLL)
#: Content, segment and day stand first in each row.
_key = itemgetter(0, 1, 2)


@dataclass(frozen=True)
class DayRows:
    """What is known of one content, one segment (0: all people) and one day: rows as the tallies take them.

    Each row has the person twice in front: by ``pseudonym`` and by ``bridge``.
    """

    content: int
    segment: int
    day: date
    seen: list[tuple[Any, ...]]
    done: list[tuple[Any, ...]]


def day_rows(first: date, last: date) -> Iterator[DayRows]:
    """All that happened in these days, ordered by content and day within all people, then within each segment."""
    for model, segment in ((Event, Value(ALL)), (SegmentEvent, F("segment_id"))):
        for contents in _portions(model, first, last):
            rows = model.objects.filter(day__range=(first, last), **contents).annotate(segment_key=segment)
            yield from _joined(_seen(rows), _done(rows))


def _portions(model: type[Model], first: date, last: date) -> Iterator[dict[str, Any]]:
    """Ranges of contents with a bounded number of rows, so that no answer is larger than memory."""
    rows = model.objects.filter(day__range=(first, last)).order_by("content_id")
    begin = end = None
    total = 0
    for content, number in rows.values_list("content_id").annotate(Count("pk")):
        if begin is not None and total + number > ROWS_AT_ONCE:
            yield {"content_id__gte": begin, "content_id__lte": end}
            begin, total = None, 0
        begin, end, total = content if begin is None else begin, content, total + number
    if begin is not None:
        yield {"content_id__gte": begin, "content_id__lte": end}


def _joined(seen: Iterator[tuple], done: Iterator[tuple]) -> Iterator[DayRows]:
    """The two streams side by side; both are in the order of their keys."""
    streams = [groupby(seen, _key), groupby(done, _key)]
    heads = [next(stream, None) for stream in streams]
    while any(heads):
        key = min(head[0] for head in heads if head)
        found: list[list[tuple]] = [[], []]
        for number, head in enumerate(heads):
            if head and head[0] == key:
                found[number] = [row[3:] for row in head[1]]
                heads[number] = next(streams[number], None)
        content, segment, day = key
        yield DayRows(content, segment, date.fromisoformat(day) if isinstance(day, str) else day, *found)


def _seen(rows: QuerySet) -> Iterator[tuple]:
    """One row for each view, and one for each person and day for what belongs to no view."""
    columns = {
        "meant": Max(Case(When(kind__in=SEEN, in_audience=True, then=1), default=0)),
        "impressions": Count(Case(When(kind=Kind.IMPRESSION, then=1))),
        "views": Count(Case(When(kind=Kind.VIEW, then=1))),
        "engaged": Max(Case(When(kind=Kind.ENGAGED, load__isnull=False, then="value"))),
        "scrolled": Max(Case(When(kind=Kind.SCROLL, load__isnull=False, then="value"), default=0)),
    }
    return _streamed(rows.filter(kind__in=_VIEWING), ("load",), (), columns)


def _done(rows: QuerySet) -> Iterator[tuple]:
    """One row for each person, day and kind, with and without a value."""
    zero = Case(When(value__gt=0, then=0), default=1, output_field=IntegerField())
    rows = rows.exclude(kind__in=_VIEWING).annotate(is_zero=zero)
    return _streamed(rows, (), ("kind", "is_zero"), {"number": Count("pk")})


def _streamed(rows: QuerySet, hidden: tuple[str, ...], shown: tuple[str, ...], columns: dict[str, Any]) -> Iterator:
    keys = ("content_id", "segment_key", "day", "pseudonym")
    grouped = rows.order_by().values(*keys, *hidden, *shown).annotate(same=Coalesce(Max("bridge"), "pseudonym"))
    wanted = grouped.annotate(**columns).values_list(*keys, "same", *shown, *columns)
    return _raw(wanted.order_by("content_id", "segment_key", "day"))


def _raw(rows: QuerySet) -> Iterator[tuple]:
    """As the database gives them: Django would look at each number again, which takes longer than counting.

    What is left to do is the day, which SQLite gives as text; see ``_joined``.
    """
    compiler = rows.query.get_compiler(rows.db)
    for some in compiler.execute_sql(MULTI, chunked_fetch=True, chunk_size=_READ_AHEAD):
        yield from some
