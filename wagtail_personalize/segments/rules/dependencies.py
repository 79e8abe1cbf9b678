"""What a rule depends on: attributes, the day, self-chosen values, and other segments with all of theirs.

Reads stored rules of any shape and never fails: a rule that cannot be compiled still depends on what it names.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import reduce
from graphlib import CycleError, TopologicalSorter
from operator import or_
from typing import Any, NamedTuple

from wagtail_personalize.people.batches import batches
from wagtail_personalize.people.declaration import get_declaration

from . import conditions
from .operators import DATED, Shape
from .shapes import is_key
from .structure import conditions_in

#: Names longer than this name nothing.
LONGEST_NAME = 150


class Named(NamedTuple):
    """What the engine has to know of a segment; ``pk`` is ``None`` before it is saved, a draft is not ``live``."""

    pk: int | None
    rule: Any
    live: bool = True


@dataclass(frozen=True)
class Dependencies:
    """``mentions`` are attribute names and the words of ``hookspecs.profiles_changed``; ``segments`` short names."""

    mentions: frozenset[str] = frozenset()
    depends_on_date: bool = False
    self_chosen: bool = False
    segments: frozenset[str] = frozenset()

    def __or__(self, other: "Dependencies") -> "Dependencies":
        return Dependencies(
            self.mentions | other.mentions,
            self.depends_on_date or other.depends_on_date,
            self.self_chosen or other.self_chosen,
            self.segments | other.segments,
        )


def own_dependencies(rule: Any) -> Dependencies:
    """What the rule itself mentions, and the segments that it names."""
    return reduce(or_, map(_of_condition, conditions_in(rule)), Dependencies())


def dependencies(rule: Any, known: Mapping[str, Named] | None = None) -> Dependencies:
    """What the rule depends on in all, by way of the segments that it names too.

    ``known`` holds all segments that may be named, by short name; without it they are read from the database.
    """
    found = own_dependencies(rule)
    if not found.segments:
        return found
    known = load_named([rule]) if known is None else known
    followed: set[str] = set()
    while news := (found.segments & known.keys()) - followed:
        followed |= news
        found = reduce(or_, (own_dependencies(known[slug].rule) for slug in news), found)
    return found


def segments_named(rule: Any) -> list[str]:
    """The short names of the segments that the rule itself names, as often as it does."""
    return [slug for condition in conditions_in(rule) if (slug := _segment_named(condition)) is not None]


def load_named(rules: Iterable[Any], known: Mapping[str, Named] | None = None) -> dict[str, Named]:
    """All segments that ``rules`` name, directly or not, by short name; one query per level.

    Those in ``known`` are taken from there. A name that no segment has is left out.
    """
    loaded: dict[str, Named | None] = {}
    wanted = _all_named(rules)
    while wanted:
        found = {slug: known[slug] for slug in wanted if slug in known} if known else {}
        found |= _stored(wanted - found.keys())
        loaded |= dict.fromkeys(wanted) | found
        wanted = _all_named(named.rule for named in found.values()) - loaded.keys()
    return {slug: named for slug, named in loaded.items() if named is not None}


def in_order(segments: Mapping[str, Named]) -> list[str]:
    """Short names such that each comes after those its rule names; what goes round in a circle is left out."""
    sorter = TopologicalSorter(
        {slug: sorted({*segments_named(named.rule)} & segments.keys()) for slug, named in segments.items()}
    )
    with suppress(CycleError):
        sorter.prepare()
    order: list[str] = []
    while ready := sorter.get_ready():
        order.extend(sorted(ready))
        sorter.done(*ready)
    return order


def _all_named(rules: Iterable[Any]) -> set[str]:
    return {slug for rule in rules for slug in segments_named(rule)}


def _stored(slugs: set[str]) -> dict[str, Named]:
    from ..models import Segment

    found: dict[str, Named] = {}
    for some in batches(sorted(slugs)):
        rows = Segment.objects.filter(slug__in=some).order_by().values_list("slug", "pk", "rule", "live")
        found |= {slug: Named(pk, rule, live) for slug, pk, rule, live in rows if slug in slugs}
    return found


def _of_condition(condition: Mapping[str, Any]) -> Dependencies:
    attribute, operator = condition.get("attribute"), condition.get("operator")
    if isinstance(attribute, str):
        return _of_attribute(attribute, operator)
    special = conditions.get(operator) if isinstance(operator, str) else None
    if special is None:
        return Dependencies()
    slug = _segment_named(condition)
    return Dependencies(
        frozenset(special.mentions(condition)),
        special.depends_on_date,
        special.self_chosen,
        frozenset() if slug is None else frozenset({slug}),
    )


def _segment_named(condition: Mapping[str, Any]) -> str | None:
    """The short name of the segment that a condition asks about, if it is a condition of this kind."""
    operator, value = condition.get("operator"), condition.get("value")
    if isinstance(condition.get("attribute"), str) or not (isinstance(operator, str) and isinstance(value, str)):
        return None
    special = conditions.get(operator)
    return value if special and special.shape == Shape.SEGMENT and _is_name(value) else None


def _of_attribute(name: str, operator: Any) -> Dependencies:
    declaration = get_declaration()
    declared = declaration.get(name) if declaration else None
    return Dependencies(
        frozenset({name} if _is_name(name) else ()),
        isinstance(operator, str) and operator in DATED,
        declared is not None and declared.source == "self",
    )


def _is_name(text: str) -> bool:
    return len(text) <= LONGEST_NAME and is_key(text)
