"""From the days of contents and groups to the numbers of ``Figures``. Only the people of one portion are in memory."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import NamedTuple

from .contents import Contents
from .spans import Span, spans_with
from .tallies import GroupDay, Tally

#: What is stored with the site itself, not with a content on it.
_OWN_COUNTS = ("visits", "bounces")


class Counted(NamedTuple):
    """The numbers of one content and group in one span; ``numbers`` are ``tallies.COLUMNS``."""

    content: int
    segment: int
    span: Span
    numbers: tuple[int | None, ...]


def count(portions: Iterable[Iterable[GroupDay]], wanted: Collection[Span], contents: Contents) -> Iterator[Counted]:
    """The figures of the spans that are ``wanted``; nothing for a span in which nothing happened.

    All days of one content and group are in the same portion.
    """
    sums, calendar = _Sums(), _Calendar(wanted)
    for days in portions:
        for content, segment, span, tally in _tallies(days, calendar):
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


def _tallies(days: Iterable[GroupDay], calendar: "_Calendar") -> Iterator[tuple[int, int, Span, Tally]]:
    found: dict[tuple[int, int, Span], list[GroupDay]] = defaultdict(list)
    for one in days:
        for span in calendar.with_day(one.day):
            found[one.content, one.segment, span].append(one)
    for key, some in found.items():
        yield *key, Tally(some)


class _Calendar:
    """Which wanted spans a day lies in."""

    def __init__(self, wanted: Collection[Span]) -> None:
        self._wanted = set(wanted)
        self._known: dict[date, list[Span]] = {}

    def with_day(self, day: date) -> list[Span]:
        if day not in self._known:
            self._known[day] = sorted(spans_with([day]) & self._wanted)
        return self._known[day]
