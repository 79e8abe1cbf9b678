"""The page about one persona: a card as one would print it and pin it to the wall."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.generic import InspectView

from wagtail_personalize.people.declaration import get_declaration

from ...effective import problems
from ...models import Segment
from ...rules.sentence import sentence
from ..matching import Answer, Matching
from ..models import ExamplePerson, Persona, PersonaTopic
from ..wording import value_words

#: The highest level of knowledge.
MOST = max(PersonaTopic.Knowledge.values)


@dataclass
class Example:
    """An invented person as the card shows her."""

    name: str
    facts: list[tuple[str, str]]
    answer: Answer


class PersonaCard(InspectView):
    """Read only, and fits on a sheet of A4."""

    template_name = "wagtail_personalize/segments/personas/card.html"
    page_title = _("Persona")

    def get_fields(self) -> list[str]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        persona: Persona = self.object
        return super().get_context_data(**kwargs) | {
            "persona": persona,
            "needs": _lines(persona.needs),
            "motivation": _lines(persona.motivation),
            "topics": [
                (topic, range(topic.knowledge), range(MOST - topic.knowledge)) for topic in persona.topics.all()
            ],
            "sentence": sentence(persona.segment.rule) if persona.segment else "",
            "examples": list(_examples(persona)),
        }


def _lines(text: str) -> list[str]:
    return [line.strip("-•* \t") for line in text.splitlines() if line.strip("-•* \t")]


def _examples(persona: Persona) -> Iterator[Example]:
    people = list(persona.examples.all())
    for person, facts, answer in zip(people, value_words(people), answers_of(persona.segment, people), strict=True):
        yield Example(person.name, facts, answer)


def answers_of(segment: Segment | None, people: list[ExamplePerson]) -> list[Answer]:
    """Whether each of these people would be in ``segment``: never in a draft or a broken one."""
    if segment is None or get_declaration() is None:
        return [None] * len(people)
    if not segment.live or problems(segment.rule, segment.slug):
        return [False] * len(people)
    return Matching(person.values for person in people).answers(segment.rule)
