"""Would this invented person match this rule? Yes, no, or: it cannot be said.

There is no row for an invented person, so the rule is answered from her values; whatever can be answered from values
has exactly the answer that the compiled ``Q`` would give for a profile with these values. What depends on more (Django
groups, the reporting line, a site's own conditions) cannot be said; that is never counted as yes. Invented people
count as active and stand on no list.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from wagtail_personalize.people.attributes import Tree
from wagtail_personalize.people.declaration import get_declaration

from ..days import today as site_today
from ..effective import effective_qs
from ..models import Segment
from ..rules.broken import BrokenRule
from ..rules.conditions.nobody import Nobody
from ..rules.dependencies import Named, load_named
from ..rules.operators import operators_for
from ..rules.structure import group_of
from ..rules.targets import target
from .facts import Facts, Values
from .models import ExamplePerson
from .predicates import Question, satisfies

#: ``None``: it cannot be said.
Answer = bool | None


class Matching:
    """Answers rules for some invented people on one day. Rules must compile: nobody matches a broken one."""

    def __init__(self, people: Iterable[Values], today: date | None = None) -> None:
        self.declaration = get_declaration()
        self.people: Sequence[Values] = list(people)
        self.facts = Facts(self.declaration, self.people)
        self.today = today or site_today()
        self._named: dict[str, Named] = {}

    def answers(self, rule: Any) -> list[Answer]:
        """The answer for each of the people, in their order."""
        self._named |= load_named([rule], self._named)
        return [self._group(rule, person) for person in range(len(self.people))]

    def segments_of(self, person: int = 0) -> list[Segment]:
        """The working segments that this person is certainly in."""
        segments = list(Segment.objects.all())
        outcomes = effective_qs(segments, self.today)
        self._named = {each.slug: Named(each.pk, each.rule, each.live) for each in segments}
        working = [each for each in segments if not isinstance(outcomes[each.slug], BrokenRule)]
        return [segment for segment in working if self._group(segment.rule, person)]

    def _group(self, group: Mapping[str, Any], person: int) -> Answer:
        kind = group_of(group)
        parts = [self._group(part, person) if group_of(part) else self._condition(part, person) for part in group[kind]]
        if kind == "all":
            return every(parts)
        return some(parts) if kind == "any" else contrary(some(parts))

    def _condition(self, condition: Mapping[str, Any], person: int) -> Answer:
        if "attribute" in condition:
            return self._on_attribute(condition, person)
        if condition["operator"] in ("in_segment", "not_in_segment"):
            answer = self._group(self._named[condition["value"]].rule, person)
            return answer if condition["operator"] == "in_segment" else contrary(answer)
        return False if condition["operator"] == Nobody.operator else None

    def _on_attribute(self, condition: Mapping[str, Any], person: int) -> bool:
        attribute = self.declaration.get(condition["attribute"])
        operator = operators_for(attribute)[condition["operator"]]
        answer = satisfies(
            Question(
                attribute,
                target(self.declaration, attribute).field,
                operator.positive,
                condition,
                self.facts.of(person, attribute),
                lambda: self.facts.keys_above(person, attribute) if isinstance(attribute, Tree) else set(),
                self.today,
            )
        )
        return answer != operator.missing


def segments_of(example: ExamplePerson) -> list[Segment]:
    """The working segments that one example person is certainly in; none on a site without a declaration."""
    return Matching([example.values]).segments_of() if get_declaration() else []


def every(parts: Iterable[Answer]) -> Answer:
    """All of them: no as soon as one is no."""
    parts = list(parts)
    return False if False in parts else None if None in parts else True


def some(parts: Iterable[Answer]) -> Answer:
    """Any of them: yes as soon as one is yes."""
    parts = list(parts)
    return True if True in parts else None if None in parts else False


def contrary(answer: Answer) -> Answer:
    return None if answer is None else not answer
