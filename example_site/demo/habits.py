"""How people of the sample intranet read it: invented, plausible, and the same for the same day and people.

Offices read in the morning and after lunch, the shop floor when shifts change at two. Nearly everybody reads some
pages, hardly anybody others, and news are read in the first days. Nobody opens what they may not see.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from math import exp
from random import Random
from typing import Any

from django.utils import timezone

from wagtail_personalize.engagement.kinds import Kind

SEED = "1987"
OFFICE_HOURS = {7: 2, 8: 6, 9: 8, 10: 6, 11: 4, 12: 2, 13: 5, 14: 4, 15: 3, 16: 2, 17: 1}
SHOP_FLOOR_HOURS = {5: 2, 6: 3, 10: 1, 13: 2, 14: 12, 15: 2, 21: 1, 22: 3}
#: How many of a hundred look in on a day of the week, from Monday.
OFFICE_DAYS = (46, 42, 40, 38, 30, 2, 2)
SHOP_FLOOR_DAYS = (16, 15, 15, 14, 13, 6, 3)
#: Words, how often they are searched for, and how many pages are found.
SEARCHES = (
    ("holiday request", 9, 4),
    ("canteen menu", 8, 2),
    ("payslip", 6, 3),
    ("vpn", 6, 2),
    ("shift plan", 5, 3),
    ("bike leasing", 4, 1),
    ("parking permit", 5, 0),
    ("sabbatical", 3, 0),
    ("org chart", 2, 0),
    ("printer driver", 1, 0),
)
#: In how many visits somebody searches.
SEARCHING = 0.3
#: How many people get a digest on a work day, and how many of those click in it.
DIGESTS, DIGEST_CLICKS = 0.5, 0.22
#: How many views of a hundred lead to it.
ACTIONS = {Kind.CLICK: 14, Kind.REACTION: 3, Kind.DOWNLOAD: 2, Kind.HELPFUL: 2, Kind.BOOKMARK: 0.8, Kind.COMMENT: 0.7}


@dataclass(frozen=True)
class Reader:
    person: Any
    username: str
    #: Short names of segments.
    segments: frozenset[str]
    #: Keys of the segments, which decide what pages mean this person.
    segment_ids: frozenset[int]

    @property
    def on_shop_floor(self) -> bool:
        return "shop-floor" in self.segments


@dataclass(frozen=True)
class ReadPage:
    pk: int
    key: str
    title: str
    #: The day on which a news item appeared; ``None`` for what is always there.
    since: date | None
    is_start: bool
    is_restricted: bool


@dataclass(frozen=True)
class Act:
    """Something that a reader did; ``page`` is ``None`` for visits, searches and mails."""

    reader: Reader
    kind: Kind
    at: datetime
    page: ReadPage | None = None
    value: int | None = None
    seconds: int | None = None
    load: str = ""
    words: str = ""


class Habits:
    """``meant(page, segment ids)`` says whether a page is meant for somebody in these segments."""

    def __init__(self, readers: list[Reader], pages: list[ReadPage], meant: Any) -> None:
        self._readers, self._pages = readers, pages
        self._start = next(page for page in pages if page.is_start)
        self._fame = {page.key: exp(Random(SEED + page.title).gauss(0, 1.1)) for page in pages}
        self._meant = lru_cache(maxsize=None)(meant)
        self._zone = timezone.get_default_timezone()

    def of_day(self, day: date) -> Iterator[Act]:
        chance = Random(f"{SEED} {day}")
        self._weights = lru_cache(maxsize=None)(lambda segments: self._interest(segments, day))
        news = [page for page in self._pages if page.since and 0 <= (day - page.since).days < 21]
        news.sort(key=lambda page: page.since, reverse=True)
        if day.weekday() < 5:
            yield from self._digests(datetime.combine(day, time(10), self._zone), chance)
        for reader in self._readers:
            days, hours = (SHOP_FLOOR_DAYS, SHOP_FLOOR_HOURS) if reader.on_shop_floor else (OFFICE_DAYS, OFFICE_HOURS)
            if chance.random() * 100 < days[day.weekday()]:
                hour = chance.choices(list(hours), list(hours.values()))[0]
                clock = time(hour, chance.randrange(60), chance.randrange(60))
                yield from self._visit(reader, datetime.combine(day, clock, self._zone), news[:4], chance)

    def _digests(self, at: datetime, chance: Random) -> Iterator[Act]:
        for reader in self._readers:
            if chance.random() < DIGESTS:
                yield Act(reader, Kind.MAIL_ACCEPTED, at)
                if chance.random() < DIGEST_CLICKS:
                    yield Act(reader, Kind.MAIL_CLICK, at + timedelta(minutes=chance.randrange(300)))

    def _interest(self, segments: frozenset[int], day: date) -> list[float]:
        return [self._interest_in(page, segments, day) for page in self._pages]

    def _interest_in(self, page: ReadPage, segments: frozenset[int], day: date) -> float:
        age = (day - page.since).days if page.since else 0
        meant = self._meant(page.key, segments)
        if age < 0 or page.is_start or (page.is_restricted and not meant):
            return 0
        return self._fame[page.key] * (6 * exp(-age / 4) + 0.05 if page.since else 0.5) * (1 if meant else 0.15)

    def _visit(self, reader: Reader, at: datetime, news: list[ReadPage], chance: Random) -> Iterator[Act]:
        begin, views, engaged, acted = at, 0, 0, False
        if chance.random() < 0.75:
            for page in news:
                if not page.is_restricted or self._meant(page.key, reader.segment_ids):
                    yield Act(reader, Kind.IMPRESSION, at, page)
        else:
            at -= timedelta(seconds=15)
        weights = self._weights(reader.segment_ids)
        found = chance.choices(self._pages, weights, k=chance.choice((0, 1, 1, 2, 2, 3, 4)))
        for page in [self._start, *found]:
            seconds = min(int(chance.lognormvariate(2.3 if page.is_start else 3.6, 0.8)), 1500)
            load = f"{chance.getrandbits(64):x}"
            is_timed = chance.random() < 0.9
            yield Act(reader, Kind.VIEW, at, page, seconds=seconds if is_timed else None, load=load)
            yield Act(reader, Kind.SCROLL, at, page, value=_how_far(seconds, chance), load=load)
            for act in self._actions(reader, at, page, chance):
                acted = True
                yield act
            views, engaged, at = views + 1, engaged + seconds, at + timedelta(seconds=seconds + 5)
        if chance.random() < SEARCHING:
            words, _often, number = chance.choices(SEARCHES, [often for _words, often, _number in SEARCHES])[0]
            yield Act(reader, Kind.SEARCH, at, value=number, words=words)
        yield Act(reader, Kind.VISIT, begin, value=int(views == 1 and engaged < 10 and not acted))

    def _actions(self, reader: Reader, at: datetime, page: ReadPage, chance: Random) -> Iterator[Act]:
        for kind, often in ACTIONS.items():
            if not page.is_start and chance.random() * 100 < often:
                yield Act(reader, kind, at, page, value=int(chance.random() < 0.8) if kind == Kind.HELPFUL else None)


def _how_far(seconds: int, chance: Random) -> int:
    return 25 * min(4, max(1, round(seconds / 20 + chance.random())))
