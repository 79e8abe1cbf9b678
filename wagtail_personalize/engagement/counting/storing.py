"""The one way in: events become rows, a batch at a time, each batch in one transaction.

What is read (who is counted, segments, pages, audiences) is read before the transaction; within it there is one bulk
insert of ``Event``, one of ``SegmentEvent``, and the counters. Telling the same event again changes nothing, in
whatever order and however many processes do: the keys of all rows follow from the event.
"""

from collections.abc import Iterable, Sequence
from random import SystemRandom
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wagtail_personalize.privacy.figures import rules
from wagtail_personalize.setsql import insert_new

from ..kinds import Kind
from ..models import Content, DirtyDay, Event, SegmentEvent, StoredBatch
from .balances import Outcome, add_to_balance
from .contents import Place, content_ids, places
from .counted_people import counted_people, reporting_segments, segments_of
from .happened import Counted, Happened
from .hours import add_hours
from .making_rows import EVENT, SEGMENT_EVENT, Fact, RowMaker, facts, periods
from .meant_for import MeantFor
from .pseudonyms import secrets

_random = SystemRandom()


def store(
    events: Iterable[Happened], *, balance: bool = False, lost: Outcome | None = None, batch: UUID | None = None
) -> Outcome:
    """Store events and say what became of them. Rejected: of people who are not counted, and on pages that are gone.

    With ``balance`` the outcome enters today's balance together with ``lost``, what else became of the same beacons.
    A ``batch`` that was stored before is not stored again, and nothing is counted. Where measuring is off, nothing is
    stored and no balance kept, whoever tells it.
    """
    events = list(events)
    if not rules().is_measured:
        return Outcome(rejected=len(events)) + (lost or Outcome())
    prepared = _Prepared(events)
    with transaction.atomic():
        if batch is not None and not insert_new(StoredBatch, ["id", "at"], [(batch, timezone.now())]):
            return Outcome()
        new = prepared.insert()
        known = len(prepared.accepted)
        outcome = Outcome(stored=new, duplicate=known - new, rejected=len(events) - known) + (lost or Outcome())
        if balance:
            add_to_balance(outcome)
    return outcome


class _Prepared:
    """A batch and all that has to be known for it; makes contents and keys that are missing, and no rows yet."""

    def __init__(self, events: Sequence[Happened]) -> None:
        people = {event.person for event in events}
        counted = counted_people(people) if people else set()
        events = [event for event in events if str(event.person) in counted]
        pages = {event.content.key for event in events if event.content.type == Content.Type.PAGE}
        self.places = places(pages)
        self.accepted = [event for event in events if event.content.key in self.places or not _is_page(event.content)]
        self.facts = list(facts(self.accepted, self.places))
        if self.facts:
            self._look_up({event.person for event in self.accepted})

    def _look_up(self, people: set) -> None:
        contents = {fact.content for fact in self.facts}
        ids = content_ids(contents, self._labels())
        self.reported = reporting_segments()
        meant_for = MeantFor(contents, self.places | self._sections())
        keys = secrets((ids[fact.content], period) for fact in self.facts for period in periods(fact.day))
        self.make = RowMaker(ids, keys, meant_for)
        self.segments = segments_of(people, meant_for.segments | self.reported.keys())

    def insert(self) -> int:
        """Part of a transaction; returns how many of the events, without presences, are new."""
        if not self.facts:
            return 0
        rows = [(self.make.event(fact, self._mine(fact)), fact) for fact in self.facts]
        new = insert_new(Event, EVENT, _shuffled(row for row, _fact in rows))
        insert_new(SegmentEvent, SEGMENT_EVENT, _shuffled(self._segment_rows()))
        days = {fact.day for fact in self.facts}
        DirtyDay.objects.bulk_create([DirtyDay(day=day) for day in sorted(days)], ignore_conflicts=True)
        stored = {row[0]: fact for row, fact in rows if row[0] in new and not fact.is_presence}
        add_hours(self._view(fact) for fact in stored.values() if _is_view(fact))
        return len(stored)

    def _segment_rows(self) -> Iterable:
        for fact in self.facts:
            yield from self.make.segment_events(fact, self._mine(fact), self.reported)

    def _mine(self, fact: Fact) -> frozenset[int]:
        return self.segments.get(str(fact.happened.person), frozenset())

    def _view(self, fact: Fact) -> tuple:
        return fact.happened.at, self._mine(fact) & self.reported.keys()

    def _labels(self) -> dict[Counted, str]:
        found = {event.content: event.label.replace("\0", "") for event in self.accepted}  # PostgreSQL takes none
        for key, listed in self.places.items():
            found[Counted.page(key)] = listed[0].title
        return found | {Counted.section(key): listed[0].title for key, listed in self._sections().items()}

    def _sections(self) -> dict[str, list[Place]]:
        places = {place.section for listed in self.places.values() for place in listed if place.section}
        found: dict[str, list[Place]] = {}
        for place in sorted(places, key=lambda place: place.path):
            found.setdefault(place.translation_key, []).append(place)
        return found


def _is_page(content: Counted) -> bool:
    return content.type == Content.Type.PAGE


def _is_view(fact: Fact) -> bool:
    return fact.happened.kind == Kind.VIEW and _is_page(fact.content)


def _shuffled(rows: Iterable[tuple]) -> list[tuple]:
    """The order of rows in a table must not tell which belong together."""
    listed = list({row[0]: row for row in rows}.values())  # the same event twice in one batch is one row
    _random.shuffle(listed)
    return listed
