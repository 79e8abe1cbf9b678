"""A rule as people read it: "Department is IT or Legal, and Hire date is in the last 90 days, and none of (…)"."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from wagtail_personalize.people.declaration import get_declaration

from .labels import Labels
from .operators import Operator
from .schema import find_operator
from .structure import DEEPEST, MOST_ITEMS, group_of


def sentence(rule: Any) -> str:
    """``rule`` in the current language; what is broken in it is said in its place. Reads any JSON without failing.

    Asks the database once for each kind of name that occurs, however many there are.
    """
    return sentences([rule])[0]


def sentences(rules: Iterable[Any]) -> list[str]:
    """``sentence`` of each rule, with as many queries as for one: for lists."""
    rules = list(rules)
    declaration = get_declaration()
    if declaration is None:
        return [_("This site has not declared its profiles yet, so every segment is empty.")] * len(rules)
    labels = Labels(declaration, rules)
    return [_("The rule has no condition.") if group_of(rule) is None else _read(rule, labels) for rule in rules]


def _read(rule: Mapping[str, Any], labels: Labels) -> str:
    return capfirst(Reader(labels).group(rule, 1))


class Reader:
    """Reads one rule, so far as a rule may go."""

    def __init__(self, labels: Labels) -> None:
        self.labels = labels
        self.read = 0

    def group(self, group: Mapping[str, Any], depth: int) -> str:
        kind = group_of(group)
        parts = self.parts(group[kind], depth)
        if kind == "none":
            return self._none(parts, depth)
        if len(parts) == 1:
            return parts[0]
        text = (_(", and ") if kind == "all" else _(", or ")).join(parts)
        return text if depth == 1 else f"({text})"

    def _none(self, parts: list[str], depth: int) -> str:
        if len(parts) == 1:
            return _("not: %(condition)s") % {"condition": parts[0]}
        text = _("none of: %(conditions)s") if depth == 1 else _("none of (%(conditions)s)")
        return text % {"conditions": "; ".join(parts)}

    def parts(self, items: Any, depth: int) -> list[str]:
        if not isinstance(items, list) or not items:
            return [_("(a condition is missing)")]
        if depth > DEEPEST:
            return [_("(groups nested too deeply)")]
        parts: list[str] = []
        for item in items:
            self.read += 1
            if self.read > MOST_ITEMS:
                return [*parts, "…"]
            parts.append(self.group(item, depth + 1) if group_of(item) else self.condition(item))
        return parts

    def condition(self, condition: Any) -> str:
        if not isinstance(condition, dict) or not condition:
            return _("(a condition is missing)")
        operator = find_operator(condition)
        if isinstance(operator, str):
            return f"({operator})"
        if not isinstance(operator, Operator):
            return operator.sentence(condition, self.labels)
        attribute = self.labels.declaration.get(condition["attribute"])
        value = self.labels.value(attribute, operator, condition)
        return operator.phrase % {"attribute": attribute.label, "value": value}
