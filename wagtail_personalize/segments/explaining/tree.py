"""Rules as trees of reasons for one person.

The truth of a condition comes from ``Answers``; groups and named segments follow from it as in ``effective``: active
AND NOT always excluded AND (rule OR always included). A named segment is taken apart where it is first named.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from wagtail_personalize.privacy.reasons import Reason

from ..effective import Outcome
from ..models import ManualMember
from ..rules import conditions
from ..rules.broken import BrokenRule
from ..rules.conditions.in_segment import InSegment
from ..rules.dependencies import Named
from ..rules.sentence import Reader
from ..rules.structure import DEEPEST, MOST_ITEMS, group_of
from .answering import Answers
from .facts import Facts


@dataclass(frozen=True)
class Evidence:
    """What is known of one person and of all segments that are explained, or named by these."""

    known: Mapping[str, Named]
    outcomes: Mapping[str, Outcome]
    answers: Answers
    facts: Facts
    reader: Reader


class Tree:
    """Builds the reasons of one segment; use a new one for each."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._told: dict[str, bool | None] = {}
        self._items = 0

    def segment(self, slug: str, text: str) -> Reason:
        """Is the person in this segment?"""
        named, outcome = self._evidence.known[slug], self._evidence.outcomes[slug]
        always = self._evidence.facts.lists.get(named.pk)
        rule = self._rule(slug, named.rule)
        reason = Reason(text, None, parts=[*_by_hand(always), rule])
        if isinstance(outcome, BrokenRule):
            reason.note = outcome.sentence
        else:
            may = self._evidence.answers.is_active and always != ManualMember.Always.EXCLUDE
            reason.holds = self._told[slug] = may and (always == ManualMember.Always.INCLUDE or rule.holds)
        return reason

    def _rule(self, slug: str, rule: Any) -> Reason:
        """The rule of one segment; until it is read, nothing can be said about a rule that names it again."""
        self._told[slug] = None
        outer, self._items = self._items, 0
        reason = self.item(rule, 1)
        self._items = outer
        return reason

    def item(self, item: Any, depth: int) -> Reason:
        """A group or a condition."""
        self._items += 1
        kind = group_of(item)
        if kind is None:
            return self.condition(item)
        parts = item[kind] if isinstance(item[kind], list) and depth <= DEEPEST and self._items < MOST_ITEMS else []
        reasons = [self.item(part, depth + 1) for part in parts[:MOST_ITEMS]]
        if not reasons:
            return Reason(_("(a condition is missing)"), None)
        if len(reasons) == 1 and kind != "none":
            return reasons[0]
        return Reason(_heading(kind), _combined(kind, [reason.holds for reason in reasons]), parts=reasons)

    def condition(self, condition: Any) -> Reason:
        text = capfirst(self._evidence.reader.condition(condition))
        if not isinstance(condition, dict):
            return Reason(text, None)
        special = conditions.get(str(condition.get("operator"))) if "attribute" not in condition else None
        if isinstance(special, InSegment) and str(condition.get("value")) in self._evidence.known:
            return self._named(text, str(condition["value"]), bool(special.negates))
        if problem := self._evidence.answers.problem(condition):
            return Reason(text, None, note=problem)
        value, origin = self._evidence.facts.of(condition)
        return Reason(text, self._evidence.answers.holds(condition), value, origin)

    def _named(self, text: str, slug: str, negated: bool) -> Reason:
        """Whether the person is in a segment that the rule names, and why."""
        if slug in self._told:
            holds, reason = self._told[slug], Reason(text, None, note=_("explained further up"))
        else:
            reason = self.segment(slug, text)
            holds = reason.holds
        reason.holds = holds if holds is None else holds is not negated
        return reason


def _by_hand(always: str | None) -> list[Reason]:
    match always:
        case ManualMember.Always.INCLUDE:
            return [Reason(_("On the list of people who are always in it, whatever the conditions say"), True)]
        case ManualMember.Always.EXCLUDE:
            return [Reason(_("On the list of people who are never in it, whatever the conditions say"), True)]
    return []


def _heading(kind: str) -> str:
    return {"all": _("All of these:"), "any": _("At least one of these:"), "none": _("None of these:")}[kind]


def _combined(kind: str, holds: list[bool | None]) -> bool | None:
    if None in holds:
        return None
    return all(holds) if kind == "all" else any(holds) is (kind == "any")
