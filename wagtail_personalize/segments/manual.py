"""The lists of people whom a segment always includes or always excludes, whatever its rule says."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import QuerySet

from wagtail_personalize.people.batches import batches
from wagtail_personalize.setsql import delete_rows

from . import versions
from .changing import changing_memberships
from .models import ManualMember, Segment
from .naming import touched_by
from .refresh import refresh


def put_on_list(segment: Segment, people: Iterable[Any], always: str) -> None:
    """Put these users on one list of ``segment``, and so off the other."""
    _change_and_tell(segment, always, [person.pk for person in people], [])


def take_off_lists(segment: Segment, people: Iterable[Any]) -> None:
    """Let the rule alone decide about these users again."""
    _change_and_tell(segment, "", [], [person.pk for person in people])


def _change_and_tell(segment: Segment, always: str, added: list[Any], removed: list[Any]) -> None:
    from .telling import on_lists, tell_listed

    with changing_memberships():
        before = on_lists(segment, [*added, *removed])
        change_lists(segment, always, added, removed)
        tell_listed(segment, before, dict.fromkeys(added, always))


def change_lists(segment: Segment, always: str, added: Iterable[Any], removed: Iterable[Any]) -> None:
    """Put the users with the keys ``added`` on one list and take ``removed`` off both, in sets; tells nobody."""
    added, removed = list(dict.fromkeys(added)), list(removed)
    with changing_memberships():
        for batch in batches([*added, *removed]):
            delete_rows(ManualMember.objects.filter(segment=segment, person__in=batch))
        rows = (ManualMember(segment=segment, person_id=person, always=always) for person in added)
        for batch in batches(rows):
            QuerySet(ManualMember).bulk_create(batch)
        if changed := {*added, *removed}:
            _follow([segment], changed)


@contextmanager
def changing_lists(rows: Iterable[ManualMember]) -> Iterator[None]:
    """One transaction around a change of these rows, at whose end the memberships follow."""
    with changing_memberships():
        pairs: set[tuple[Any, Any]] = set()
        for batch in batches(row.pk for row in rows if row.pk):
            pairs |= set(ManualMember.objects.filter(pk__in=batch).values_list("segment", "person"))
        yield
        pairs |= {(row.segment_id, row.person_id) for row in rows}
        if pairs:
            named = Segment.objects.filter(pk__in={segment for segment, _person in pairs})
            _follow(list(named), {person for _segment, person in pairs})


def _follow(segments: list[Segment], people: Collection[Any]) -> None:
    """The memberships follow, and what processes keep of the meaning of these segments is out of date."""
    refresh([*segments, *touched_by(segment.slug for segment in segments)], people, cause="manual")
    versions.grow(versions.SEGMENTS)
