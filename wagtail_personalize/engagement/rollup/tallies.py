"""Counting: what was seen and done with one content by one group, within one span.

People are numbers that mean something only within the span (pseudonyms), kept in sets in memory and nowhere else: what
leaves a ``Tally`` are numbers. Raw events and the log of another system are counted by the same class.
"""

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from operator import add
from typing import NamedTuple

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


class Seen(NamedTuple):
    """What one person saw in one view, or, with no view to join it to, on one day."""

    person: int
    #: The same person by another name, where another span needs it.
    elsewhere: int
    in_audience: bool
    impressions: int
    views: int
    #: Seconds, ``None`` if it is not known; per cent, 0 if nothing was told.
    engaged: int | None
    scrolled: int


class Done(NamedTuple):
    """So many events of one kind, all of them with a value or all without one."""

    person: int
    elsewhere: int
    kind: int
    is_zero: bool
    number: int


class Tally:
    """Add what happened, then ask for the ``row``. Tallies with the same people in them can be joined with ``take``."""

    __slots__ = ("counts", "engaged", *PEOPLE)

    def __init__(self) -> None:
        self.reached: set[int] = set()
        self.seers: set[int] = set()
        self.viewers: set[int] = set()
        self.participants: set[int] = set()
        self.searchers: set[int] = set()
        #: The numbers of ``COUNTS``.
        self.counts = [0] * len(COUNTS)
        #: How many views were looked at for so many seconds.
        self.engaged: dict[int, int] = {}

    def see(self, rows: Iterable[Seen]) -> None:
        """Add views and impressions; written for speed, because there are very many of them."""
        seers, viewers, reached, engaged, counts = self.seers, self.viewers, self.reached, self.engaged, self.counts
        for person, _elsewhere, in_audience, impressions, views, seconds, per_cent in rows:
            if not impressions and not views:
                continue
            seers.add(person)
            if in_audience:
                reached.add(person)
            counts[_IMPRESSIONS] += impressions
            if views:
                viewers.add(person)
                counts[_VIEWS] += views
                if seconds is not None:
                    seconds = int(seconds)  # MariaDB's greatest of whole numbers is a decimal one
                    engaged[seconds] = engaged.get(seconds, 0) + 1
                if per_cent >= 25:
                    for share in range(_SCROLLED, _SCROLLED + min(int(per_cent) // 25, 4)):
                        counts[share] += 1

    def do(self, rows: Iterable[Done]) -> None:
        """Add all that is neither a view nor an impression."""
        for person, _elsewhere, kind, is_zero, number in rows:
            if kind in _INTERACTIONS:
                self.participants.add(person)
            if kind == Kind.SEARCH:
                self.searchers.add(person)
            for column in _columns(kind, is_zero):
                self.counts[_PLACE[column]] += number

    def take(self, other: "Tally") -> None:
        """Add what the other tally counted; people who are in both are counted once."""
        self.reached |= other.reached
        self.seers |= other.seers
        self.viewers |= other.viewers
        self.participants |= other.participants
        self.searchers |= other.searchers
        self.add_counts(other)

    def add_counts(self, other: "Tally", only: Collection[str] = ()) -> None:
        """Add what was done, not who did it; ``only`` some of ``COUNTS`` if they are named."""
        if only:
            for name in only:
                self.counts[_PLACE[name]] += other.counts[_PLACE[name]]
            return
        self.counts = list(map(add, self.counts, other.counts))
        for seconds, number in other.engaged.items():
            self.engaged[seconds] = self.engaged.get(seconds, 0) + number

    def people(self) -> tuple[int, ...]:
        """The numbers of ``PEOPLE``."""
        return tuple(len(getattr(self, name)) for name in PEOPLE)

    def row(self, people: tuple[int, ...] | None = None) -> tuple[int | None, ...]:
        """The values of ``COLUMNS``; with ``people`` if they were counted elsewhere."""
        self.counts[_TIMED] = sum(self.engaged.values())
        return (*(people or self.people()), *self.counts, median(self.engaged))

    def __bool__(self) -> bool:
        return any(self.counts)


@cache
def _columns(kind: int, is_zero: bool) -> tuple[str, ...]:
    if kind in _COUNTED:
        return (_COUNTED[Kind(kind)],)
    all_of_them, none, some = _BY_VALUE[Kind(kind)]
    return tuple(column for column in (all_of_them, none if is_zero else some) if column)


def median(histogram: Mapping[int, int]) -> int | None:
    """The middle one of the values that occur so often; of two in the middle the lower, so it is one that occurs."""
    total = sum(histogram.values())
    passed = 0
    for value in sorted(histogram):
        passed += histogram[value]
        if passed * 2 >= total:
            return value
    return None
