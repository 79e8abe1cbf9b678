"""From a rule to the ``Q`` that defines it.

Every condition compiles to true or false for every profile, never NULL, so that *not* and *none of* are exact. A rule
compiles completely or not at all: whatever it names that does not exist raises ``BrokenRule``, and so does any JSON
that is no rule. Segments that a rule names are compiled before it and stand in it with their effective definition.
"""

from collections.abc import Iterable, Mapping
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
from .kinds import Asked, compile_asked
from .names import Names
from .operators import operators_for
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

    ``segments`` holds the outcome for each segment that a rule may name: its ``Q``, or why it has none.
    """

    def __init__(self, today: date | None = None) -> None:
        declaration = get_declaration()
        if declaration is None:
            raise BrokenRule(_("This site has not declared its profiles yet, so every segment is empty."))
        self.declaration = declaration
        self.today = today or site_today()
        self.names = Names(declaration)
        self.segments: dict[str, Q | BrokenRule] = {}

    def announce(self, rules: Iterable[Any]) -> None:
        """These rules will be compiled, so look up what they name together."""
        for rule in rules:
            self.names.announce(rule)

    def rule(self, rule: Any) -> Q:
        if problems := validate(rule):
            raise BrokenRule(problems[0].sentence)
        return self._group(rule)

    def segment(self, slug: str) -> Q:
        """The effective definition of the segment with this short name."""
        match self.segments.get(slug):
            case None:
                raise BrokenRule(_("The rule names the segment “%(name)s”, which does not exist.") % _named(slug))
            case BrokenRule():
                raise BrokenRule(_("The rule names the segment “%(name)s”, which is broken.") % _named(slug))
            case q:
                return q

    def _group(self, group: Mapping[str, Any]) -> Q:
        kind = group_of(group)
        parts = [self._group(part) if group_of(part) else self._condition(part) for part in group[kind]]
        parts.sort(key=_place)
        return reduce(and_, parts) if kind == "all" else reduce(or_, parts) if kind == "any" else ~reduce(or_, parts)

    def _condition(self, condition: Mapping[str, Any]) -> Q:
        if "attribute" not in condition:
            return conditions.get(condition["operator"]).q(condition, self)
        attribute = self.declaration.get(condition["attribute"])
        operator = operators_for(attribute)[condition["operator"]]
        asked = Asked(target(self.declaration, attribute), operator.positive, condition, self.names, self.today)
        q = compile_asked(attribute.kind, asked)
        return ~q if operator.negates else q


def nesting(q: Q) -> int:
    """How deep brackets and negations stand in each other in ``q``."""
    inner = max((nesting(child) for child in q.children if isinstance(child, Q)), default=0)
    return inner + len(q.children[:2]) - 1 + q.negated if q.children else 0


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
