"""Rows of what happened. A page's event is one row, and shows that its person was in the section and on the site.

In sections and on the site only presence is stored: one row for a person, a day and a kind, and nothing that joins it.
Rows are plain tuples, in the order of ``EVENT`` and ``SEGMENT_EVENT``: there are many of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import NamedTuple
from uuid import UUID

from ..kinds import Kind
from ..models import Content
from ..steps import step_of
from .contents import Place
from .happened import SITE, Counted, Happened
from .meant_for import MeantFor
from .pseudonyms import Period, Secret, month_of, shared_week_of

_COMMON = ("content", "day", "kind", "value", "pseudonym", "bridge", "load", "in_audience")
EVENT = ("id", *_COMMON, "channel")
SEGMENT_EVENT = ("id", *_COMMON, "segment")

#: What shows nobody's presence, or does not show more than what came with it.
_NO_PRESENCE = {Kind.ENGAGED, Kind.SCROLL, Kind.VISIT, Kind.MAIL_ACCEPTED}


class Fact(NamedTuple):
    """Something that becomes a row: what happened, or that somebody was in a section or on the site."""

    happened: Happened
    content: Counted
    day: date
    is_presence: bool = False


@cache
def _periods(day: date) -> tuple[Period, Period | None]:
    return month_of(day), shared_week_of(day)


def periods(day: date) -> Iterator[Period]:
    """The periods in which somebody who did something on ``day`` has a pseudonym."""
    return filter(None, _periods(day))


def facts(events: Iterable[Happened], places: Mapping[str, list[Place]]) -> Iterator[Fact]:
    """Every fact once: the same presence comes of many events."""
    known = set()
    for happened in events:
        day = happened.day
        yield Fact(happened, happened.content, day)
        for content in _present_in(happened, places):
            key = content, happened.person, day, happened.kind
            if key not in known:
                known.add(key)
                yield Fact(happened, content, day, is_presence=True)


def _present_in(happened: Happened, places: Mapping[str, list[Place]]) -> Iterator[Counted]:
    if happened.kind in _NO_PRESENCE or happened.content == SITE:
        return
    if happened.content.type == Content.Type.PAGE:
        keys = {place.section.translation_key for place in places[happened.content.key] if place.section}
        yield from map(Counted.section, keys)
    yield SITE


class RowMaker:
    """Knows what the rows of a batch are made with; ``segments`` are those that a person is in."""

    def __init__(
        self, ids: Mapping[Counted, int], secrets: Mapping[tuple[int, Period], Secret], meant_for: MeantFor
    ) -> None:
        self.ids, self.secrets, self.meant_for = ids, secrets, meant_for

    def event(self, fact: Fact, segments: frozenset[int]) -> tuple:
        content, month, week = self._keys(fact)
        common = self._common(fact, content, month, week, self.meant_for.includes(fact.content, segments))
        channel = "" if fact.is_presence else fact.happened.channel
        return (_name(fact, month), *common, channel)

    def segment_events(self, fact: Fact, segments: frozenset[int], reported: Mapping[int, UUID]) -> Iterator[tuple]:
        """Say the same of each reporting segment, with nothing in common but content, day and kind."""
        content, month, week = self._keys(fact)
        includes = self.meant_for.includes(fact.content, segments)
        for segment in segments & reported.keys():
            own = month.of_segment(reported[segment])
            own_week = week and week.of_segment(reported[segment])
            row = (_name(fact, own), *self._common(fact, content, own, own_week, includes), segment)
            yield _in_steps(fact.happened, own, row) if fact.happened.kind == Kind.ENGAGED else row

    def _keys(self, fact: Fact) -> tuple[int, Secret, Secret | None]:
        content = self.ids[fact.content]
        month, week = _periods(fact.day)
        return content, self.secrets[content, month], self.secrets[content, week] if week else None

    def _common(self, fact: Fact, content: int, month: Secret, week: Secret | None, includes: bool) -> tuple:
        """In the order of ``_COMMON``."""
        happened = fact.happened
        person, value, load = happened.person, happened.value, happened.load
        if fact.is_presence:
            value, load = None, ""
        load = month.name("load", person, load) if load else None
        bridge = week.pseudonym(person) if week else None
        return content, fact.day, int(happened.kind), value, month.pseudonym(person), bridge, load, includes


def _name(fact: Fact, secret: Secret) -> UUID:
    happened = fact.happened
    if fact.is_presence:
        return secret.name("presence", happened.person, fact.day, int(happened.kind))
    return secret.name("event", happened.person, int(happened.kind), happened.token)


def _in_steps(happened: Happened, secret: Secret, row: tuple) -> tuple:
    """Engaged time without its seconds, and of one view each step once."""
    step = step_of(happened.value or 0)
    key = secret.name("step", happened.person, happened.load, step) if happened.load else row[0]
    return (key, *row[1:4], step, *row[5:])
