"""What is stored of the people of a crowd, and how it differs from what was worked out.

Nothing is summed up or hashed: every membership is read and becomes one bit, so no difference can be missed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import QuerySet

from ..models import Membership
from .bits import Sets
from .crowd import Crowd
from .reading import Rows
from .scope import Scope

#: So many segments may be listed in a statement; with more, the memberships of all are read.
MOST_LISTED = 100
#: People whose memberships are written together.
AT_ONCE = 4096

#: The key of a segment and of a user, both raw.
Pair = tuple[int, Any]


@dataclass
class Differences:
    """By segment: who is missing and who is too many; and those who cannot be in any segment at all."""

    crowd: Crowd
    missing: Sets = field(default_factory=dict)
    surplus: Sets = field(default_factory=dict)
    gone: list[Pair] = field(default_factory=list)
    #: The keys of all memberships that should not be, where they were read; else ``surplus`` and ``gone`` say which.
    keys: list[int] | None = None

    def people(self, most: int) -> list[Any] | None:
        """The keys of all whom this concerns, ``None`` if they are more than ``most``."""
        crowd, anybody = self.crowd, reduce(or_, (*self.missing.values(), *self.surplus.values()), 0)
        if anybody.bit_count() + len(self.gone) > most:
            return None
        raw = {person for _segment, person in self.gone}
        if anybody:
            raw.update(crowd.people[place] for place in crowd.places.listed(anybody, 0, crowd.places.number))
        return [crowd.key(person) for person in raw]

    def pairs(self, sets: Sets) -> Iterator[list[Pair]]:
        """The memberships in ``sets``, in lists, in the order of people: so a table is written from front to back."""
        number, people = self.crowd.places.number, self.crowd.people
        for first in range(0, number if sets else 0, AT_ONCE):
            last = min(first + AT_ONCE, number)
            by_person: list[list[int]] = [[] for _place in range(first, last)]
            for segment, some in sorted(sets.items()):
                for place in self.crowd.places.listed(some, first, last):
                    by_person[place - first].append(segment)
            block = zip(people[first:last], by_person, strict=True)
            yield [(segment, person) for person, segments in block for segment in segments]


def differences(
    crowd: Crowd, scope: Scope, members: Mapping[int, int], using: str, *, with_keys: bool = False
) -> Differences:
    """Hold ``members`` (primary key of a segment → set) against what is stored of these segments.

    ``with_keys`` pays when the crowd is small: reading costs more, and writing less.
    """
    found = Differences(crowd, keys=[] if with_keys else None)
    stored = (_stored_with_keys if with_keys else _stored)(found, scope, members, using)
    for segment, people in members.items():
        if people != stored[segment]:
            if missing := people & ~stored[segment]:
                found.missing[segment] = missing
            if surplus := stored[segment] & ~people:
                found.surplus[segment] = surplus
    return found


def _stored(found: Differences, scope: Scope, members: Mapping[int, int], using: str) -> Sets:
    crowd = found.crowd
    rows, place = {segment: crowd.places.row() for segment in members}, crowd.place
    for segment, person in Rows(_memberships(scope, members).values_list("segment", "person"), using):
        if (row := rows.get(segment)) is None:
            continue
        if (at := place.get(person)) is None:
            found.gone.append((segment, person))
        else:
            row[at >> 3] |= 128 >> (at & 7)
    return {segment: crowd.places.of_row(row) for segment, row in rows.items()}


def _stored_with_keys(found: Differences, scope: Scope, members: Mapping[int, int], using: str) -> Sets:
    places, place = found.crowd.places, found.crowd.place
    rows = {segment: (places.row(), places.row_of(people)) for segment, people in members.items()}
    for key, segment, person in Rows(_memberships(scope, members).values_list("pk", "segment", "person"), using):
        if segment not in rows:
            continue
        row, belongs = rows[segment]
        if (at := place.get(person)) is None:
            found.gone.append((segment, person))
            found.keys.append(key)
        else:
            row[at >> 3] |= 128 >> (at & 7)
            if not belongs[at >> 3] & 128 >> (at & 7):
                found.keys.append(key)
    return {segment: places.of_row(row) for segment, (row, _belongs) in rows.items()}


def _memberships(scope: Scope, members: Mapping[int, int]) -> QuerySet[Membership]:
    memberships = Membership.objects.filter(scope.among("person")).order_by()
    return memberships.filter(segment__in=list(members)) if len(members) <= MOST_LISTED else memberships
