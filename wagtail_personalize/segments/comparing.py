"""The difference between stored memberships and what the rules say, found and written.

Everything here runs inside ``changing.changing_memberships``.
"""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import router
from django.db.models import BigIntegerField, DateTimeField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.lookups import IsNull
from django.utils import timezone

from wagtail_personalize.people.batches import batches
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.setsql import delete_rows, insert_select

from .accelerator.keys import Among
from .accelerator.reading import Rows
from .accelerator.stored import Differences, Pair
from .accelerator.writing import insert_pairs
from .answers import people_in
from .effective import people
from .models import Cause, Membership, PastMembership

#: Memberships that end in one statement.
AT_ONCE = 10_000


@dataclass(frozen=True)
class Change:
    """How many memberships began and ended, and in which segments."""

    joined: int = 0
    left: int = 0
    segment_ids: frozenset[int] = field(default_factory=frozenset)

    def __or__(self, other: "Change") -> "Change":
        return Change(self.joined + other.joined, self.left + other.left, self.segment_ids | other.segment_ids)


def compare_everybody(segment_id: int, q: Q | None, cause: str) -> Change:
    """Write the difference of one segment: a look, an insert, and two more statements for each batch that leaves."""
    if q is None:
        return empty([segment_id], cause)
    left = end(surplus(segment_id, q), cause)
    rows = missing(segment_id, q, cause)
    joined = insert_select(Membership, ["segment", "person", "since", "cause"], rows, ignore_conflicts=True)
    return Change(joined, left, frozenset({segment_id} if joined or left else ()))


def end(rows: QuerySet[Membership], cause: str) -> int:
    """Make past memberships of these rows; returns how many there were.

    They are looked up once: what else changes meanwhile, told or not, never goes without becoming a past membership.
    """
    keys = rows.using(router.db_for_write(Membership)).order_by().values_list("pk", flat=True)
    return end_keys(array("q", keys.iterator()), cause)


def end_keys(keys: Iterable[int], cause: str) -> int:
    """``end`` for memberships by their keys, in bounded statements."""
    until, why = Value(timezone.now(), output_field=DateTimeField()), Value(known_cause(cause))
    ended = 0
    for batch in batches(keys, AT_ONCE):
        rows = Membership.objects.filter(Among(F("pk"), batch)).order_by()
        past = rows.values_list("segment", "person", "since", "cause", until, why)
        insert_select(PastMembership, ["segment", "person", "since", "cause", "until", "end_cause"], past)
        ended += delete_rows(rows)
    return ended


def known_cause(cause: str) -> str:
    """What the history says for a cause that a site made up."""
    return cause if cause in Cause else Cause.REFRESH


def missing(segment_id: int, q: Q, cause: str = Cause.REFRESH) -> QuerySet:
    """Segment, person, time and cause of the memberships that are not stored, but should be.

    A difference of two sets costs the same whatever the database believes about their sizes; a ``NOT EXISTS`` that it
    turns into a join may compare everybody with everybody after a mass insert.
    """
    declaration = get_declaration()
    segment = Value(segment_id, output_field=BigIntegerField())
    now = Value(timezone.now(), output_field=DateTimeField())
    why = Value(known_cause(cause))
    computed = declaration.profiles().filter(q).order_by().values_list(segment, declaration.person_path, now, why)
    stored = Membership.objects.filter(segment=segment_id).order_by().values_list(segment, "person", now, why)
    return computed.difference(stored)


def surplus(segment_id: int, q: Q) -> QuerySet[Membership]:
    """Stored memberships that should not be.

    Asks for a value, not for ``NOT EXISTS``, so that each row is looked up by index and never becomes part of a join.
    """
    declaration = get_declaration()
    belongs = declaration.profiles().filter(**{declaration.person_path: OuterRef("person")}).filter(q)
    found = Subquery(belongs.order_by().values("pk")[:1])
    return Membership.objects.filter(segment=segment_id).filter(IsNull(found, True))


def empty(segment_ids: Iterable[int], cause: str) -> Change:
    """Take everybody out of these segments: nobody is in a broken one."""
    segment_ids = list(segment_ids)
    if not segment_ids:
        return Change()
    rows = Membership.objects.filter(segment__in=segment_ids)
    changed = frozenset(rows.order_by().values_list("segment", flat=True).distinct())
    return Change(0, end(rows, cause) if changed else 0, changed)


def compare_people(rules: list[tuple[int, Q]], person_ids: list[Any], cause: str) -> Change:
    """Write the difference of many segments for a few people, in a few statements."""
    using = router.db_for_write(Membership)
    rows = Membership.objects.using(using).filter(segment__in=[pk for pk, _q in rules], person__in=person_ids)
    stored = {(segment, person): pk for pk, segment, person in rows.values_list("pk", "segment", "person")}
    present = _present(person_ids, using)
    among = Q(**{f"{get_declaration().person_path}__in": present})
    computed = people_in(rules, among, using=using) if present else set()
    joined, left = computed - stored.keys(), stored.keys() - computed
    new = {"since": timezone.now(), "cause": known_cause(cause)}
    Membership.objects.using(using).bulk_create(
        [Membership(segment_id=segment, person_id=person, **new) for segment, person in sorted(joined)],
        ignore_conflicts=True,
    )
    end_keys((stored[key] for key in left), cause)
    return Change(len(joined), len(left), frozenset(segment for segment, _person in joined | left))


def compare_crowd(found: Differences, cause: str) -> Change:
    """Write the difference of many segments for the people of a crowd."""
    using = router.db_for_write(Membership)
    joined = 0
    new = (timezone.now(), known_cause(cause))
    for pairs in found.pairs(found.missing):
        joined += insert_pairs(pairs, *new, using=using)
    if found.keys is not None:
        left = end_keys(found.keys, cause)
    else:
        left = sum(_end_pairs(pairs, cause, using) for pairs in (found.gone, *found.pairs(found.surplus)))
    concerned = {*found.missing, *found.surplus, *(segment for segment, _person in found.gone)}
    return Change(joined, left, frozenset(concerned))


def _end_pairs(pairs: list[Pair], cause: str, using: str) -> int:
    ended = 0
    for some in batches(pairs):
        wanted, people = set(some), {person for _segment, person in some}
        rows = Membership.objects.filter(person__in=people).order_by().values_list("pk", "segment", "person")
        keys = [pk for pk, *pair in Rows(rows, using) if tuple(pair) in wanted]
        ended += end_keys(keys, cause)
    return ended


def _present(person_ids: list[Any], using: str) -> list[Any]:
    """Those who can be in a segment at all; for who has left, no rule need be asked."""
    declaration = get_declaration()
    profiles = declaration.profiles().using(using).filter(**{f"{declaration.person_path}__in": person_ids})
    return list(profiles.filter(people(declaration)).order_by().values_list(declaration.person_path, flat=True))
