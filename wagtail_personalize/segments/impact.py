"""Who joins and who leaves when a segment is published as it stands in a form, and what that touches.

The new definition, with its lists of named people, is compiled like any other and compared with the stored
memberships: one query for each list, however many people there are. Segments that name this one change with it and are
compared in the same way.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet

from wagtail_personalize.people.declaration import get_declaration

from .effective import Definitions, Outcome, raised
from .list_changes import stored_lists
from .models import Membership, Segment
from .naming import touched_by
from .rules.broken import BrokenRule
from .rules.dependencies import Named
from .usage import Usage, where_used

#: When a larger part of the members changes, the editor is asked once more.
LARGE = 0.2


@dataclass(frozen=True)
class Shift:
    """What happens to the members of one segment. Lists are querysets of the keys of users, in their order."""

    segment: Segment
    q: Q | None

    @cached_property
    def joining(self) -> QuerySet:
        return self._computed().difference(self._stored()).order_by(get_declaration().person_path)

    @cached_property
    def leaving(self) -> QuerySet:
        return self._stored().difference(self._computed()).order_by("person")

    @cached_property
    def joins(self) -> int:
        """How many join."""
        return self.joining.count()

    @cached_property
    def leaves(self) -> int:
        """How many leave."""
        return self.leaving.count()

    @cached_property
    def members(self) -> int:
        """How many there are now."""
        return self._stored().count()

    @property
    def is_change(self) -> bool:
        return bool(self.joins or self.leaves)

    @property
    def is_large(self) -> bool:
        """Whether more than a fifth of the members changes."""
        return self.joins + self.leaves > LARGE * self.members

    def _stored(self) -> QuerySet:
        return Membership.objects.filter(segment=self.segment.pk).order_by().values_list("person", flat=True)

    def _computed(self) -> QuerySet:
        declaration = get_declaration()
        profiles = declaration.profiles().none() if self.q is None else declaration.profiles().filter(self.q)
        return profiles.order_by().values_list(declaration.person_path, flat=True)


@dataclass(frozen=True)
class Impact:
    """What publishing would change: in the segment itself, in those that name it, and where all of them are used."""

    own: Shift
    others: tuple[Shift, ...]
    touched: tuple[Usage, ...]

    @property
    def joining(self) -> QuerySet:
        return self.own.joining

    @property
    def leaving(self) -> QuerySet:
        return self.own.leaving

    @property
    def is_large(self) -> bool:
        """Whether the editor should be asked once more: somebody is in it or something uses it, and much changes."""
        matters = bool(self.own.members or self.touched)
        return matters and any(shift.is_large for shift in (self.own, *self.others))


def impact(
    segment: Segment, rule: Any, included: Collection[Any] | None = None, excluded: Collection[Any] | None = None
) -> Impact:
    """What publishing ``segment`` with this rule and these lists (keys of users; as stored by default) would change.

    Raises ``BrokenRule`` when the rule means nothing.
    """
    naming = [other for other in touched_by([segment.slug]) if other.live and other.pk != segment.pk]
    outcomes = _definitions(segment, included, excluded).outcomes(segment.slug, rule, naming)
    own = Shift(segment, raised(outcomes[segment.slug]))
    shifts = (Shift(other, _meaning(outcomes[other.slug])) for other in naming)
    others = tuple(shift for shift in shifts if shift.is_change)
    return Impact(own, others, touched([segment, *(shift.segment for shift in others)]))


def shift(segment: Segment, rule: Any, included: Collection[Any], excluded: Collection[Any]) -> Shift:
    """``impact`` for the segment alone, without what names it or uses it."""
    outcomes = _definitions(segment, included, excluded).outcomes(segment.slug, rule, [])
    return Shift(segment, raised(outcomes[segment.slug]))


def shifts_of(
    segments: Collection[Segment], definitions: Definitions | None = None, rules: Mapping[str, Any] | None = None
) -> tuple[Shift, ...]:
    """What happens to these live segments under other ``definitions``, or if some have other ``rules`` (by slug)."""
    definitions, rules = definitions or Definitions(), rules or {}
    definitions.add({one.slug: Named(one.pk, rules.get(one.slug, one.rule)) for one in segments})
    return tuple(Shift(one, _meaning(definitions.compiler.segments[one.slug])) for one in segments)


def touched(segments: Collection[Segment]) -> tuple[Usage, ...]:
    """The places where any of these segments is used, each once."""
    return tuple(dict.fromkeys(usage for segment in segments for usage in where_used(segment)))


def _definitions(segment: Segment, included: Collection[Any] | None, excluded: Collection[Any] | None) -> "_AsEdited":
    """Lists that are as they are stored may be long; the database has them already."""
    stored = stored_lists(segment)
    given = [was if new is None else list(map(str, new)) for was, new in zip(stored, (included, excluded), strict=True)]
    return _AsEdited(segment.pk, None if list(map(set, given)) == list(map(set, stored)) else given)


class _AsEdited(Definitions):
    """Definitions in which one segment has the lists of people that a form holds, unless they are as stored."""

    def __init__(self, pk: int | None, lists: Sequence[list[str]] | None) -> None:
        super().__init__()
        self._edited, self._lists = pk, lists

    def outcomes(self, slug: str, rule: Any, others: Collection[Segment]) -> dict[str, Outcome]:
        self.add({slug: Named(self._edited, rule)} | {s.slug: Named(s.pk, s.rule, s.live) for s in others})
        return self.compiler.segments

    def _effective(self, pk: int | None, rule: Q) -> Q:
        if pk != self._edited or self._lists is None:
            return super()._effective(pk, rule)
        person, (included, excluded) = f"{self.compiler.declaration.person_path}__in", self._lists
        if included:
            rule = rule | Q(**{person: included})
        if excluded:
            rule = rule & ~Q(**{person: excluded})
        return rule & self._people


def _meaning(outcome: Outcome) -> Q | None:
    return None if isinstance(outcome, BrokenRule) else outcome
