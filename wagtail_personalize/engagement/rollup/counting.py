"""From the rows of days to the numbers of ``Figures``: each content and group by itself, days in order.

Only one content's people are in memory at a time, and of these the ones of the spans that are open.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from .contents import Contents
from .grouping import DayRows
from .spans import DAY, Span
from .tallies import Tally

#: What is stored with the site itself, not with a content on it.
_OWN_COUNTS = ("visits", "bounces")


class Counted(NamedTuple):
    """The numbers of one content and group in one span; ``numbers`` are ``tallies.COLUMNS``."""

    content: int
    segment: int
    span: Span
    numbers: tuple[int | None, ...]


def count(rows: Iterable[DayRows], wanted: Collection[Span], contents: Contents) -> Iterator[Counted]:
    """The figures of the spans that are ``wanted``; nothing for a span in which nothing happened."""
    calendar, sums = _Calendar(wanted), _Sums()
    for (content, segment), days in groupby(rows, lambda day: (day.content, day.segment)):
        for span, tally in _tallies(days, calendar):
            if contents.is_made_of_others(content):
                sums.were_there((content, segment, span), tally)
            elif tally:
                for above in contents.above(content):
                    sums.add((above, segment, span), tally)
                yield Counted(content, segment, span, tally.row())
    yield from sums.figures()


class _Sums:
    """What was done in sections and on the site, and how many people were there."""

    def __init__(self) -> None:
        self._done: dict[tuple[int, int, Span], Tally] = {}
        self._people: dict[tuple[int, int, Span], tuple[int, ...]] = {}

    def were_there(self, key: tuple[int, int, Span], tally: Tally) -> None:
        self._people[key] = tally.people()
        self._done.setdefault(key, Tally()).add_counts(tally, _OWN_COUNTS)

    def add(self, key: tuple[int, int, Span], tally: Tally) -> None:
        self._done.setdefault(key, Tally()).add_counts(tally)

    def figures(self) -> Iterator[Counted]:
        for key, tally in self._done.items():
            people = self._people.get(key, tally.people())
            if tally or any(people):
                yield Counted(*key, tally.row(people))


class _Calendar:
    """Which wanted spans a day lies in."""

    def __init__(self, wanted: Collection[Span]) -> None:
        self._wanted = set(wanted)
        self._known: dict[date, tuple[bool, list[Span], list[Span]]] = {}

    def of(self, day: date) -> tuple[bool, list[Span], list[Span]]:
        """Whether the day itself is wanted; its wanted spans by pseudonym; its wanted spans by bridge."""
        if day not in self._known:
            longer = [span for span in (Span.week_of(day), Span.month_of(day)) if span in self._wanted]
            by_bridge = [span for span in longer if span.is_shared]
            same = [span for span in longer if not span.is_shared]
            self._known[day] = (Span(DAY, day) in self._wanted, same, by_bridge)
        return self._known[day]


def _tallies(days: Iterable[DayRows], calendar: _Calendar) -> Iterator[tuple[Span, Tally]]:
    running: dict[Span, Tally] = {}
    for rows in days:
        is_wanted, by_pseudonym, by_bridge = calendar.of(rows.day)
        for span in [span for span in running if span not in by_pseudonym and span not in by_bridge]:
            yield span, running.pop(span)
        if is_wanted or by_pseudonym:
            today = _tally(rows.seen, rows.done)
            for span in by_pseudonym:
                running.setdefault(span, Tally()).take(today)
            if is_wanted:
                yield Span(DAY, rows.day), today
        if by_bridge:
            bridged = _tally(map(_by_bridge, rows.seen), map(_by_bridge, rows.done))
            for span in by_bridge:
                running.setdefault(span, Tally()).take(bridged)
    yield from running.items()


def _tally(seen: Iterable[tuple], done: Iterable[tuple]) -> Tally:
    tally = Tally()
    tally.see(seen)
    tally.do(done)
    return tally


def _by_bridge(row: tuple[Any, ...]) -> tuple[Any, ...]:
    person, elsewhere, *rest = row
    return (elsewhere, person, *rest)
