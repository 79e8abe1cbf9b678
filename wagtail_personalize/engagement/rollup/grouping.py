"""Raw events as the roll-up counts them: one row of the database for each content, group and day, in one pass.

Whoever was there comes as one long text, not as a row for each person: handing over rows takes several times longer
than reading the table. The groups are those of the table's index, so that nothing is sorted either. People are counted
in ``tallies``, because they have to be counted once in a week and a month as well.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

from django.db import connections
from django.db.models import Aggregate, Case, Count, F, IntegerField, Model, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Coalesce
from django.db.models.sql.constants import MULTI

from ..kinds import SEEN, Kind
from ..models import ALL, Event, SegmentEvent
from .tallies import GroupDay

#: People of no more raw rows than these are in memory at once.
ROWS_AT_ONCE = 1_000_000
_READ_AHEAD = 100
_KEYS = ("day", "content_id", "segment_key")
_TIMED, _SCROLLED = (Q(kind=kind, load__isnull=False, value__isnull=False) for kind in (Kind.ENGAGED, Kind.SCROLL))
_VIEWED, _DONE = Q(kind=Kind.VIEW), ~Q(kind__in=(Kind.IMPRESSION, Kind.VIEW, Kind.ENGAGED, Kind.SCROLL))
#: Of which events which value is listed.
_LISTS = (
    (Q(kind=Kind.IMPRESSION), F("person")),
    (_VIEWED, F("person")),
    (Q(kind__in=SEEN) & Q(in_audience=True), F("person")),
    (_VIEWED & Q(load__isnull=False), F("load")),
    (_TIMED, F("load")),
    (_TIMED, F("value")),
    (_SCROLLED, F("load")),
    (_SCROLLED, F("value")),
    (_DONE, F("kind") * 2 + Case(When(value__gt=0, then=1), default=0, output_field=IntegerField())),
    (_DONE, F("person")),
)


class _Listed(Aggregate):
    """All values that are there, with commas between them; empty if there is none."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        return super().as_sql(compiler, connection, template="STRING_AGG((%(expressions)s)::text, ',')", **context)


def group_days(first: date, last: date, *, bridged: bool = False) -> Iterator[Iterator[GroupDay]]:
    """All that happened in these days, in portions: all days of a content are in the same one, in any order.

    People have the numbers that hold for a month, or with ``bridged`` those for a week that two months share.
    """
    person = Coalesce("bridge", "pseudonym") if bridged else F("pseudonym")
    for model, segment in ((Event, Value(ALL)), (SegmentEvent, F("segment_id"))):
        for contents in _portions(model, first, last):
            rows = model.objects.filter(day__range=(first, last), **contents)
            yield _read(rows.annotate(segment_key=segment, person=person))


def _portions(model: type[Model], first: date, last: date) -> Iterator[dict[str, Any]]:
    """Ranges of contents with a bounded number of rows."""
    rows = model.objects.filter(day__range=(first, last)).order_by()
    if rows.count() <= ROWS_AT_ONCE:
        yield {}
        return
    begin = end = None
    total = 0
    for content, number in rows.order_by("content_id").values_list("content_id").annotate(Count("*")):
        if begin is not None and total + number > ROWS_AT_ONCE:
            yield {"content_id__gte": begin, "content_id__lte": end}
            begin, total = None, 0
        begin, end, total = content if begin is None else begin, content, total + number
    if begin is not None:
        yield {"content_id__gte": begin, "content_id__lte": end}


def _read(rows: QuerySet) -> Iterator[GroupDay]:
    # MySQL and MariaDB cut long texts off without an error.
    cuts_texts = connections[rows.db].vendor == "mysql"
    for day, content, segment, lists in _listed_here(rows) if cuts_texts else _listed_there(rows):
        impressions, views, meant, viewed, timed, seconds, scrolled, shares, deeds, doers = lists
        loads = frozenset(viewed)
        times, scrolls = _greatest(timed, seconds, loads), _greatest(scrolled, shares, loads)
        day = date.fromisoformat(day) if isinstance(day, str) else day
        yield GroupDay(content, segment, day, impressions, views, meant, times, scrolls, list(map(int, deeds)), doers)


def _greatest(loads: Sequence[Any], values: Sequence[Any], viewed: Collection[Any]) -> Collection[int]:
    """The greatest value of each view; what was told of no view is nobody's."""
    found: dict[Any, int] = {}
    for load, value in zip(loads, map(int, values), strict=True):
        if load in viewed and value >= found.get(load, value):
            found[load] = value
    return found.values()


def _listed_there(rows: QuerySet) -> Iterator[tuple[Any, ...]]:
    """Lists made by the database. They come as it gives them: Django would look at each of them again."""
    columns = {f"list_{n}": _Listed(Case(When(when, then=what))) for n, (when, what) in enumerate(_LISTS)}
    grouped = rows.order_by().values(*_KEYS).annotate(**columns).values_list(*_KEYS, *columns)
    answer = grouped.query.get_compiler(rows.db).execute_sql(MULTI, chunked_fetch=True, chunk_size=_READ_AHEAD)
    for day, content, segment, *texts in chain.from_iterable(answer):
        yield day, content, segment, [text.split(",") if text else () for text in texts]


def _listed_here(rows: QuerySet) -> Iterator[tuple[Any, ...]]:
    """The same lists made of single rows."""
    columns = {f"is_{n}": Case(When(when, then=1), default=0) for n, (when, _what) in enumerate(_LISTS)}
    what = {f"what_{n}": what for n, (_when, what) in enumerate(_LISTS)}
    read = rows.annotate(**columns, **what).order_by(*_KEYS).values_list(*_KEYS, *columns, *what)
    for key, some in groupby(read.iterator(_READ_AHEAD), itemgetter(0, 1, 2)):
        lists: list[list[Any]] = [[] for _ in _LISTS]
        for row in some:
            for place, listed in enumerate(lists, 3):
                if row[place]:
                    listed.append(row[place + len(lists)])
        yield *key, lists
