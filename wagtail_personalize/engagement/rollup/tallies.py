"""Counting: what was seen and done with one content by one group, within one span.

People are numbers that mean something only within the span (pseudonyms), kept in sets in memory and nowhere else: what
leaves a ``Tally`` are numbers. Raw events and the log of another system are counted by the same class.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import chain
from operator import add
from typing import Any, NamedTuple

from ..kinds import INTERACTIONS, Kind

#: Kinds of which each event is one, and the column in which they are added up.
_COUNTED = {
    Kind.CLICK: "clicks",
    Kind.DOWNLOAD: "downloads",
    Kind.MEDIA: "media",
    Kind.REACTION: "reactions",
    Kind.COMMENT: "comments",
    Kind.SHARE: "shares",
    Kind.BOOKMARK: "bookmarks",
    Kind.FOLLOW: "follows",
    Kind.MAIL_ACCEPTED: "mails_accepted",
    Kind.MAIL_CLICK: "mail_clicks",
}
#: Kinds whose value is none or some, with the columns for all, for none and for some.
_BY_VALUE = {
    Kind.HELPFUL: ("", "unhelpful", "helpful"),
    Kind.SEARCH: ("searches", "searches_without_result", ""),
    Kind.VISIT: ("visits", "", "bounces"),
}
COUNTS = (
    *("impressions", "views", "timed_views", "scrolled_25", "scrolled_50", "scrolled_75", "scrolled_100"),
    *_COUNTED.values(),
    *(column for columns in _BY_VALUE.values() for column in columns if column),
)
PEOPLE = ("reached", "seers", "viewers", "participants", "searchers")
#: The columns of ``Figures`` that a tally gives, in the order of ``Tally.row``.
COLUMNS = (*PEOPLE, *COUNTS, "engaged_median")
_INTERACTIONS = frozenset(map(int, INTERACTIONS))
_PLACE = {name: place for place, name in enumerate(COUNTS)}
_IMPRESSIONS, _VIEWS, _TIMED, _SCROLLED = (_PLACE[n] for n in ("impressions", "views", "timed_views", "scrolled_25"))
#: Whoever scrolled three quarters scrolled one and two as well.
_SHARES = [range(_SCROLLED, _SCROLLED + quarters) for quarters in range(5)]


class GroupDay(NamedTuple):
    """What one group did with one content on a day. Whoever did something twice stands twice in its list."""

    content: int
    #: 0 for all people.
    segment: int
    day: date
    #: People, by numbers that mean something within the spans that are counted.
    impressions: Collection[Any]
    views: Collection[Any]
    #: Those among both who belonged to the audience.
    meant: Collection[Any]
    #: Seconds and per cent of each view of which they are known.
    times: Collection[int]
    scrolls: Collection[int]
    #: All else: twice the number of the kind, and one more with a value above zero; and who did it, in the same order.
    deeds: Sequence[int]
    doers: Sequence[Any]


class Tally:
    """What happened on some days: people are counted once in all of them. Ask for the ``row``."""

    __slots__ = ("counts", "engaged", *PEOPLE)

    def __init__(self, days: Sequence[GroupDay] = ()) -> None:
        self.reached = _once(day.meant for day in days)
        self.viewers = _once(day.views for day in days)
        self.seers = self.viewers.union(*(day.impressions for day in days))
        self.participants: set[Any] = set()
        self.searchers: set[Any] = set()
        #: How many views were looked at for so many seconds.
        self.engaged = Counter(chain.from_iterable(day.times for day in days))
        #: The numbers of ``COUNTS``.
        self.counts = [0] * len(COUNTS)
        for day in days:
            self._add(day)

    def _add(self, day: GroupDay) -> None:
        self.counts[_IMPRESSIONS] += len(day.impressions)
        self.counts[_VIEWS] += len(day.views)
        for per_cent in day.scrolls:
            for share in _SHARES[min(per_cent // 25, 4)]:
                self.counts[share] += 1
        for deed, person in zip(day.deeds, day.doers, strict=True):
            if deed >> 1 in _INTERACTIONS:
                self.participants.add(person)
            elif deed >> 1 == Kind.SEARCH:
                self.searchers.add(person)
            for column in _columns(deed):
                self.counts[column] += 1

    def add_counts(self, other: "Tally", only: Collection[str] = ()) -> None:
        """Add what was done, not who did it; ``only`` some of ``COUNTS`` if they are named."""
        if only:
            for name in only:
                self.counts[_PLACE[name]] += other.counts[_PLACE[name]]
            return
        self.counts = list(map(add, self.counts, other.counts))
        for seconds, number in other.engaged.items():
            self.engaged[seconds] += number

    def people(self) -> tuple[int, ...]:
        """The numbers of ``PEOPLE``."""
        return tuple(len(getattr(self, name)) for name in PEOPLE)

    def row(self, people: tuple[int, ...] | None = None) -> tuple[int | None, ...]:
        """The values of ``COLUMNS``; with ``people`` if they were counted elsewhere."""
        self.counts[_TIMED] = sum(self.engaged.values())
        return (*(people or self.people()), *self.counts, median(self.engaged))

    def __bool__(self) -> bool:
        return any(self.counts)


def _once(people: Iterable[Collection[Any]]) -> set[Any]:
    return set(chain.from_iterable(people))


@cache
def _columns(deed: int) -> tuple[int, ...]:
    kind, is_some = Kind(deed >> 1), deed & 1
    if kind in _COUNTED:
        return (_PLACE[_COUNTED[kind]],)
    all_of_them, none, some = _BY_VALUE[kind]
    return tuple(_PLACE[column] for column in (all_of_them, some if is_some else none) if column)


def median(histogram: Mapping[int, int]) -> int | None:
    """The middle one of the values that occur so often; of two in the middle the lower, so it is one that occurs."""
    total = sum(histogram.values())
    passed = 0
    for value in sorted(histogram):
        passed += histogram[value]
        if passed * 2 >= total:
            return value
    return None
