"""What a file would change: new, changed and unchanged segments, and those that it does not name.

A file means all of its segments together, so they may name each other in any order; each is found by its UUID or else
by its short name. What is new or changed must mean something here: unknown attributes, objects, segments, people and
circles are refused, each with its place in the file.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from wagtail_personalize.people.folding import fold

from ..models import Segment, SegmentCategory
from ..rules.dependencies import Named, in_order
from .form import Entry, entry_of, lists_of
from .meaning import meanings_of
from .obstacles import obstacles
from .people import faults_of_lists, names_people, people_in, with_proper_names
from .reading import CannotLoad
from .steps import Plan, Step


def plan(entries: list[Entry], *, delete: bool = False) -> Plan:
    """What loading ``entries`` would do; raises ``CannotLoad``. Costs the same few queries for any number of them.

    ``delete``: segments that the file does not name go.
    """
    stored = list(Segment.objects.select_related("category").order_by("name", "pk"))
    people = people_in(entries)
    entries = _with_stored_categories([with_proper_names(entry, people) for entry in entries])
    steps = _matched(entries, stored)
    _compare(steps)
    kept = {step.segment.pk for step in steps if step.segment}
    others = [segment for segment in stored if segment.pk not in kept]
    meanings, broken = meanings_of(steps, [] if delete else others)
    if faults := [*faults_of_lists(steps, people), *_taken_names(steps, others), *broken]:
        raise CannotLoad(faults)
    ordered = _in_order(steps)
    if found := list(obstacles(ordered)):
        raise CannotLoad(found)
    return Plan(ordered, others, meanings, people)


def _with_stored_categories(entries: list[Entry]) -> list[Entry]:
    """A category that is written otherwise here is taken for the same: some databases hold only one of them."""
    if not any(entry.get("category") for entry in entries):
        return entries
    names = set(SegmentCategory.objects.order_by().values_list("name", flat=True))
    known = {fold(name): name for name in sorted(names)}
    return [
        {**entry, "category": known.get(fold(entry["category"]), entry["category"])}
        if entry.get("category") and entry["category"] not in names
        else entry
        for entry in entries
    ]


def _matched(entries: list[Entry], stored: list[Segment]) -> list[Step]:
    by_uuid = {str(segment.uuid): segment for segment in stored}
    by_slug = {segment.slug: segment for segment in stored}
    steps = []
    taken: dict[int, Step] = {}
    for position, entry in enumerate(entries):
        same = by_uuid.get(entry.get("uuid", "").lower()) or by_slug.get(entry["slug"])
        steps.append(step := Step(position, entry, same))
        if same and taken.setdefault(same.pk, step) is not step:
            told = _("%(other)s means the same segment.") % {"other": taken[same.pk].place}
            raise CannotLoad([f"{step.place}: {told}"])
    return steps


def _compare(steps: list[Step]) -> None:
    stored = [step.segment for step in steps if step.segment]
    named = lists_of(stored) if names_people(step.entry for step in steps) else None
    for step in steps:
        if step.segment:
            step.changes = _changes(step.entry, entry_of(step.segment, named))


def _changes(after: Entry, before: Entry) -> dict[str, Any]:
    """What the file says differently; parts that it does not mention stay as they are. A UUID never changes."""
    return {key: before[key] for key in after if key != "uuid" and _differ(before[key], after[key])}


def _differ(one: Any, other: Any) -> bool:
    """As JSON, where 1 is 1.0, but not true."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() != other.keys() or any(_differ(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) != len(other) or any(map(_differ, one, other))
    return isinstance(one, bool) != isinstance(other, bool) or one != other


def _taken_names(steps: list[Step], others: list[Segment]) -> Iterator[str]:
    """A name or short name that a segment outside of the file has."""
    for key in ("name", "slug"):
        taken = {getattr(segment, key) for segment in others}
        for step in steps:
            if step.entry[key] in taken:
                yield f"{step.place}.{key}: " + _("Another segment has “%(name)s” already.") % {"name": step.entry[key]}


def _in_order(steps: list[Step]) -> list[Step]:
    """Each after those that it names."""
    named: Mapping[str, Named] = {step.slug: Named(None, step.entry["rule"]) for step in steps}
    places = {slug: place for place, slug in enumerate(in_order(named))}
    return sorted(steps, key=lambda step: (places.get(step.slug, len(steps)), step.position))
