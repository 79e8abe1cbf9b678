"""Whose decisions expire between two days: everybody for whom a date condition may answer otherwise than before.

No date is stored for that. The windows of all date conditions together move over a few days of each attribute (see
``rules.validity``), and whoever has such a day is found by a narrow ``Q``; what a segment names is looked at like the
segment itself, so the answer is transitive. It holds after any number of missed days, and for decisions that were
renewed in between: their answer expires too on one of the days.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import DateField, Q

from wagtail_personalize.people.batches import batches
from wagtail_personalize.people.declaration import get_declaration

from .rules import conditions
from .rules.broken import BrokenRule
from .rules.dependencies import segments_named
from .rules.kinds.date import in_days, in_rounds
from .rules.operators import DATED
from .rules.schema import find_operator
from .rules.shapes import problems_of_value
from .rules.structure import conditions_in
from .rules.targets import target
from .rules.validity import Days, passed

#: Conditions on days that one query takes; SQLite cannot read many more.
MOST_IN_A_QUERY = 100
#: With more than this it is cheaper to look at everybody.
MOST_DAYS = 1_000


def untold(rules: Mapping[str, Any]) -> frozenset[str]:
    """Which of these segments (short name → rule) depend on the day in a way that only their definition knows."""
    found = {slug for slug, rule in rules.items() if any(map(_is_untold, conditions_in(rule)))}
    while more := {slug for slug, rule in rules.items() if not found.isdisjoint(segments_named(rule))} - found:
        found |= more
    return frozenset(found)


def expiring(rules: Iterable[Any], since: date, until: date) -> list[Q] | None:
    """Who has a decision that expires after ``since`` and not after ``until``: each satisfies one of these ``Q``.

    ``None`` when there are so many days to look for that everybody should be looked at.
    """
    found = _days(rules, since, until)
    if sum(map(len, found.values())) > MOST_DAYS:
        return None
    return [q for (name, comes_round), days in found.items() for q in _queries(name, comes_round, days)]


def _is_on_attribute(condition: Mapping[str, Any]) -> bool:
    return "attribute" in condition


def _is_untold(condition: Mapping[str, Any]) -> bool:
    if _is_on_attribute(condition) or not isinstance(condition.get("operator"), str):
        return False
    known = conditions.get(condition["operator"])
    return known is not None and known.depends_on_date


def _days(rules: Iterable[Any], since: date, until: date) -> Mapping[tuple[str, bool], list[Days]]:
    """(attribute, does it come round?) → the days over which windows move, each day once."""
    found: dict[tuple[str, bool], set[Days]] = defaultdict(set)
    for rule in rules:
        for condition in filter(_is_dated, filter(_is_on_attribute, conditions_in(rule))):
            key = (condition["attribute"], condition["operator"] == "anniversary_within")
            found[key].update(passed(condition, since, until))
    return {key: list(_merged(days)) for key, days in found.items()}


def _is_dated(condition: Mapping[str, Any]) -> bool:
    """Is it a date condition that means something? A segment with any other is broken, so nothing of it expires."""
    operator = find_operator(condition)
    if isinstance(operator, str) or operator.name not in DATED:
        return False
    return not any(problems_of_value(operator.shape, condition))


def _merged(days: Iterable[Days]) -> Iterator[Days]:
    """The same days, in order, with what overlaps or adjoins put together."""
    last: Days | None = None
    for first, end in sorted(days):
        if last is None or first > last[1] + timedelta(days=1):
            if last:
                yield last
            last = (first, end)
        else:
            last = (last[0], max(last[1], end))
    if last:
        yield last


def _queries(name: str, comes_round: bool, days: list[Days]) -> Iterator[Q]:
    declaration = get_declaration()
    try:
        found = target(declaration, declaration.get(name))
    except BrokenRule:
        return
    if isinstance(found.field, DateField):
        conditions_on_days = (in_rounds if comes_round else in_days)(found, days)
        yield from (found.some(reduce(or_, some)) for some in batches(conditions_on_days, MOST_IN_A_QUERY))
