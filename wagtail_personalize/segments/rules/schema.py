"""What a rule may look like: structure, operators, values and limits, without asking the database.

``validate`` accepts whatever was stored or sent and answers with sentences for editors. Whether the segments, groups
and linked objects that a rule names exist is found out by compiling it (see ``effective.problems``).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from wagtail_personalize.people.declaration import get_declaration

from . import conditions
from .operators import Operator, Shape, operators_for
from .shapes import is_number, problems_of_value
from .structure import DEEPEST, GROUPS, MOST_CONDITIONS, MOST_ITEMS, Path, group_of

#: Keys that a condition may have beside ``operator``, by the shape of its value.
_BESIDE_VALUE = {Shape.AMOUNT: {"unit"}, Shape.PERSON: {"depth"}}


@dataclass(frozen=True)
class Problem:
    """Something wrong at ``path`` (keys and positions from the top of the rule), said to an editor."""

    path: Path
    sentence: str

    def __str__(self) -> str:
        return self.sentence


def validate(rule: Any) -> list[Problem]:
    """Everything that is wrong with the form of ``rule``; an empty list when it may be compiled."""
    if get_declaration() is None:
        return [Problem((), _("This site has not declared its profiles yet, so every segment is empty."))]
    if group_of(rule) is None:
        return [Problem((), _("The rule has no condition."))]
    return list(_Walk().group(rule, (), 1))


def shorten(name: Any) -> str:
    """A name out of a rule as it may stand in a sentence."""
    text = str(name) if isinstance(name, str) or is_number(name) else "…"
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= 60 else f"{text[:59]}…"


def find_operator(condition: dict[str, Any]) -> Operator | conditions.ConditionType | str:
    """The operator or condition type that a condition uses, or a sentence that says why there is none."""
    name = condition.get("operator")
    if "attribute" not in condition:
        found = conditions.get(name) if isinstance(name, str) else None
        return found or _("“%(name)s” is no condition. Choose one from the list.") % {"name": shorten(name)}
    attribute = condition["attribute"]
    declared = get_declaration().get(attribute) if isinstance(attribute, str) else None
    if declared is None:
        return _("There is no attribute “%(name)s”. Choose another one.") % {"name": shorten(attribute)}
    found = operators_for(declared).get(name) if isinstance(name, str) else None
    return found or _("“%(name)s” is no operator for %(attribute)s. Choose one from the list.") % {
        "name": shorten(name),
        "attribute": declared.label,
    }


class _Walk:
    """One pass over one rule, which counts as it goes and stops at the limits."""

    def __init__(self) -> None:
        self.conditions = self.items = 0

    def group(self, group: dict[str, Any], path: Path, depth: int) -> Iterator[Problem]:
        kind = group_of(group)
        parts = group[kind]
        if depth > DEEPEST:
            yield Problem(path, _("Groups are nested too deeply: at most %(number)d.") % {"number": DEEPEST})
        elif len(group) > 1:
            yield Problem(path, _("A group is one of: %(names)s.") % {"names": ", ".join(GROUPS)})
        elif not isinstance(parts, list) or not parts:
            yield Problem(path, _("This group has no condition."))
        else:
            for position, part in enumerate(parts):
                if self.is_full():
                    return
                yield from self.item(part, (*path, kind, position), depth)

    def is_full(self) -> bool:
        return self.conditions > MOST_CONDITIONS or self.items > MOST_ITEMS

    def item(self, item: Any, path: Path, depth: int) -> Iterator[Problem]:
        self.items += 1
        if group_of(item):
            yield from self.group(item, path, depth + 1)
        else:
            self.conditions += 1
            if not self.is_full():
                yield from (Problem(path, sentence) for sentence in _problems_of_condition(item))
        if self.is_full():
            yield Problem((), _("The rule has too many conditions: at most %(number)d.") % {"number": MOST_CONDITIONS})


def _problems_of_condition(condition: Any) -> Iterator[str]:
    if not isinstance(condition, dict) or not condition:
        yield _("This condition is empty.")
        return
    operator = find_operator(condition)
    if isinstance(operator, str):
        yield operator
        return
    allowed = {"attribute", "operator", "value"} | _BESIDE_VALUE.get(operator.shape, set())
    if isinstance(operator, conditions.ConditionType):
        allowed |= operator.keys
    if unknown := [shorten(key) for key in condition if key not in allowed]:
        yield _("The condition has parts that it does not take: %(names)s.") % {"names": ", ".join(unknown[:5])}
    yield from problems_of_value(operator.shape, condition)
    if isinstance(operator, conditions.ConditionType):
        yield from operator.problems(condition)
