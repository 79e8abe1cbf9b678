"""The difference between stored memberships and what the rules say, found and written.

Everything here runs inside ``changing.changing_memberships``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import router
from django.db.models import BigIntegerField, DateTimeField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.lookups import IsNull
from django.utils import timezone

from wagtail_personalize.people.batches import batches
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.setsql import delete_rows, insert_select

from .answers import people_in
from .effective import people
from .models import Membership


@dataclass(frozen=True)
class Change:
    """How many memberships began and ended, and in which segments."""

    joined: int = 0
    left: int = 0
    segment_ids: frozenset[int] = field(default_factory=frozenset)

    def __or__(self, other: "Change") -> "Change":
        return Change(self.joined + other.joined, self.left + other.left, self.segment_ids | other.segment_ids)


def compare_everybody(segment_id: int, q: Q | None) -> Change:
    """Write the difference of one segment in place: at most one insert and one delete."""
    if q is None:
        return empty([segment_id])
    left = delete_rows(surplus(segment_id, q))
    joined = insert_select(Membership, ["segment", "person", "since"], missing(segment_id, q), ignore_conflicts=True)
    return Change(joined, left, frozenset({segment_id} if joined or left else ()))


def missing(segment_id: int, q: Q) -> QuerySet:
    """Segment, person and time of the memberships that are not stored, but should be.

    A difference of two sets costs the same whatever the database believes about their sizes; a ``NOT EXISTS`` that it
    turns into a join may compare everybody with everybody after a mass insert.
    """
    declaration = get_declaration()
    segment = Value(segment_id, output_field=BigIntegerField())
    now = Value(timezone.now(), output_field=DateTimeField())
    computed = declaration.profiles().filter(q).order_by().values_list(segment, declaration.person_path, now)
    stored = Membership.objects.filter(segment=segment_id).order_by().values_list(segment, "person", now)
    return computed.difference(stored)


def surplus(segment_id: int, q: Q) -> QuerySet[Membership]:
    """Stored memberships that should not be.

    Asks for a value, not for ``NOT EXISTS``, so that each row is looked up by index and never becomes part of a join.
    """
    declaration = get_declaration()
    belongs = declaration.profiles().filter(**{declaration.person_path: OuterRef("person")}).filter(q)
    found = Subquery(belongs.order_by().values("pk")[:1])
    return Membership.objects.filter(segment=segment_id).filter(IsNull(found, True))


def empty(segment_ids: Iterable[int]) -> Change:
    """Take everybody out of these segments: nobody is in a broken one."""
    segment_ids = list(segment_ids)
    if not segment_ids:
        return Change()
    rows = Membership.objects.filter(segment__in=segment_ids)
    changed = frozenset(rows.order_by().values_list("segment", flat=True).distinct())
    return Change(0, delete_rows(rows) if changed else 0, changed)


def compare_people(rules: list[tuple[int, Q]], person_ids: list[Any]) -> Change:
    """Write the difference of many segments for a few people, in a few statements."""
    using = router.db_for_write(Membership)
    rows = Membership.objects.using(using).filter(segment__in=[pk for pk, _q in rules], person__in=person_ids)
    stored = {(segment, person): pk for pk, segment, person in rows.values_list("pk", "segment", "person")}
    present = _present(person_ids, using)
    among = Q(**{f"{get_declaration().person_path}__in": present})
    computed = people_in(rules, among, using=using) if present else set()
    joined, left = computed - stored.keys(), stored.keys() - computed
    now = timezone.now()
    Membership.objects.using(using).bulk_create(
        [Membership(segment_id=segment, person_id=person, since=now) for segment, person in sorted(joined)],
        ignore_conflicts=True,
    )
    for batch in batches(stored[key] for key in left):
        delete_rows(Membership.objects.filter(pk__in=batch))
    return Change(len(joined), len(left), frozenset(segment for segment, _person in joined | left))


def _present(person_ids: list[Any], using: str) -> list[Any]:
    """Those who can be in a segment at all; for who has left, no rule need be asked."""
    declaration = get_declaration()
    profiles = declaration.profiles().using(using).filter(**{f"{declaration.person_path}__in": person_ids})
    return list(profiles.filter(people(declaration)).order_by().values_list(declaration.person_path, flat=True))
