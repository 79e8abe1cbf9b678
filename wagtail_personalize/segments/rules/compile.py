"""From a rule to the ``Q`` that defines it.

Every condition compiles to true or false for every profile, never NULL, so that *not* and *none of* are exact. A rule
compiles completely or not at all: whatever it names that does not exist raises ``BrokenRule``, and so does any JSON
that is no rule. Segments that a rule names are compiled before it and stand in it with their effective definition.

Making a ``Q`` costs more than finding out whether there is one. So a rule is *checked* first, which raises whatever
compiling would, and whoever can answer it in another way (see ``accelerator``) need not compile it.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Exists, Q
from django.db.models.lookups import In
from django.utils.translation import gettext as _

from wagtail_personalize.people.declaration import get_declaration

from ..days import today as site_today
from . import conditions
from .broken import BrokenRule
from .kinds import Asked, check_asked, compile_asked
from .names import Names
from .nesting import OF_CONDITION, nesting, of_group
from .operators import Shape, operators_for
from .schema import shorten, validate
from .structure import group_of
from .targets import target

#: Nesting that any database reads without effort.
SHALLOW = 6
_COSTS = {In: 1, Exists: 2}

__all__ = ["BrokenRule", "Compiler", "rule_q"]


def rule_q(rule: Any, today: date | None = None) -> Q:
    """The ``Q`` over the profile model that ``rule`` means on this day; raises nothing but ``BrokenRule``.

    It says nothing about whether people are active; ``effective.effective_q`` does.
    """
    from ..effective import Definitions

    return Definitions(today).of_rule(rule)


class Compiler:
    """Compiles rules for one day and shares what has to be looked up for them.

    ``checked`` holds each segment that a rule may name: how deep its ``Q`` nests at most, or why it has none.
    ``segments`` holds those that were compiled; ``compile_segment`` puts another one there.
    """

    def __init__(self, today: date | None = None, compile_segment: Callable[[str], None] = lambda slug: None) -> None:
        declaration = get_declaration()
        if declaration is None:
            raise BrokenRule(_("This site has not declared its profiles yet, so every segment is empty."))
        self.declaration = declaration
        self.today = today or site_today()
        self.names = Names(declaration)
        self.checked: dict[str, int | BrokenRule] = {}
        self.segments: dict[str, Q | BrokenRule] = {}
        self._compile_segment = compile_segment
        #: Conditions on attributes, as text, that were checked.
        self._sound: set[str] = set()
        #: Conditions, as text; many rules ask the same and share its ``Q``.
        self._conditions: dict[str, Q] = {}

    def announce(self, rules: Iterable[Any]) -> None:
        """These rules will be compiled, so look up what they name together."""
        for rule in rules:
            self.names.announce(rule)

    def rule(self, rule: Any) -> Q:
        """What the rule means; raises ``BrokenRule`` when that is nothing."""
        self.check(rule)
        return self.sound_rule(rule)

    def sound_rule(self, rule: Any) -> Q:
        """The same for a rule that was checked."""
        return self._group(rule)

    def check(self, rule: Any) -> int:
        """How deep the ``Q`` of the rule nests at most; raises ``BrokenRule`` when it has none."""
        if problems := validate(rule):
            raise BrokenRule(problems[0].sentence)
        return self._check_group(rule)

    def segment(self, slug: str) -> Q:
        """The effective definition of the segment with this short name."""
        self.check_segment(slug)
        if slug not in self.segments:
            self._compile_segment(slug)
        q = self.segments[slug]
        if isinstance(q, BrokenRule):
            raise BrokenRule(_("The rule names the segment “%(name)s”, which is broken.") % _named(slug))
        return q

    def check_segment(self, slug: str) -> int:
        """How deep the definition of this segment nests at most; raises ``BrokenRule`` when it has none."""
        match self.checked.get(slug):
            case None:
                raise BrokenRule(_("The rule names the segment “%(name)s”, which does not exist.") % _named(slug))
            case BrokenRule():
                raise BrokenRule(_("The rule names the segment “%(name)s”, which is broken.") % _named(slug))
            case deepest:
                return deepest

    def _check_group(self, group: Mapping[str, Any]) -> int:
        kind = group_of(group)
        parts = (self._check_group(part) if group_of(part) else self._check_condition(part) for part in group[kind])
        return of_group(kind, max(parts))

    def _check_condition(self, condition: Mapping[str, Any]) -> int:
        if "attribute" not in condition:
            return conditions.get(condition["operator"]).check(condition, self)
        written = repr(condition)
        if written not in self._sound:
            attribute = self.declaration.get(condition["attribute"])
            check_asked(attribute.kind, self._asked(condition))
            self._sound.add(written)
        return OF_CONDITION

    def _group(self, group: Mapping[str, Any]) -> Q:
        kind = group_of(group)
        parts = [self._group(part) if group_of(part) else self.condition(part) for part in group[kind]]
        parts.sort(key=_place)
        return reduce(and_, parts) if kind == "all" else reduce(or_, parts) if kind == "any" else ~reduce(or_, parts)

    def condition(self, condition: Mapping[str, Any]) -> Q:
        """What a condition means, found out once however many rules ask the same."""
        special = None if "attribute" in condition else conditions.get(condition["operator"])
        if special and special.shape == Shape.SEGMENT:
            return special.compiled(condition, self)
        written = repr(condition)
        if written not in self._conditions:
            self._conditions[written] = special.compiled(condition, self) if special else self._on_attribute(condition)
        return self._conditions[written]

    def _on_attribute(self, condition: Mapping[str, Any]) -> Q:
        attribute = self.declaration.get(condition["attribute"])
        q = compile_asked(attribute.kind, self._asked(condition))
        return ~q if operators_for(attribute)[condition["operator"]].negates else q

    def _asked(self, condition: Mapping[str, Any]) -> Asked:
        attribute = self.declaration.get(condition["attribute"])
        operator = operators_for(attribute)[condition["operator"]]
        return Asked(target(self.declaration, attribute), operator.positive, condition, self.names, self.today)


def _place(q: Q) -> tuple[int, int]:
    """Where a part should stand among others: whatever databases evaluate from left to right, cheap ones first.

    But very deep ones before all: SQLite keeps on a small stack whatever stands before a bracket.
    """
    depth = nesting(q)
    return (-depth if depth > SHALLOW else 0, _cost(q))


def _cost(q: Q) -> int:
    """0 for comparing a column, 1 with a list that is looked up once, 2 with a query for each profile."""
    costs = (_cost(child) if isinstance(child, Q) else _COSTS.get(type(child), 0) for child in q.children)
    return max(costs, default=0)


def _named(slug: str) -> dict[str, str]:
    return {"name": shorten(slug)}
