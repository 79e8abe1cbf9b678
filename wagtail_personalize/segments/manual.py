"""The lists of people whom a segment always includes or always excludes, whatever its rule says."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from wagtail_personalize.people.batches import batches
from wagtail_personalize.setsql import delete_rows

from .changing import changing_memberships
from .models import ManualMember, Segment
from .naming import touched_by
from .refresh import refresh


def put_on_list(segment: Segment, people: Iterable[Any], always: str) -> None:
    """Put these users on one list of ``segment``, and so off the other."""
    rows = {person.pk: ManualMember(segment=segment, person=person, always=always) for person in people}
    with changing_memberships():
        for batch in batches(rows):
            delete_rows(ManualMember.objects.filter(segment=segment, person__in=batch))
        ManualMember.objects.bulk_create(rows.values())


def take_off_lists(segment: Segment, people: Iterable[Any]) -> None:
    """Let the rule alone decide about these users again."""
    with changing_memberships():
        for batch in batches(person.pk for person in people):
            ManualMember.objects.filter(segment=segment, person__in=batch).delete()


@contextmanager
def changing_lists(rows: Iterable[ManualMember]) -> Iterator[None]:
    """One transaction around a change of these rows, at whose end the memberships follow."""
    with changing_memberships():
        stored = ManualMember.objects.filter(pk__in=[row.pk for row in rows if row.pk])
        pairs = set(stored.values_list("segment", "person"))
        yield
        pairs |= {(row.segment_id, row.person_id) for row in rows}
        named = list(Segment.objects.filter(pk__in={segment for segment, _person in pairs}))
        touched = touched_by(segment.slug for segment in named)
        refresh([*named, *touched], {person for _segment, person in pairs}, cause="manual")
