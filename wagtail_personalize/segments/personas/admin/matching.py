"""Who would match: the saved example people, with yes, no or "cannot be said", for the rule as it is being edited."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from ...admin.builder.fields import builder_for
from ...admin.permissions import require_rule_writer
from ...effective import problems
from ...models import Segment
from ..matching import Answer, Matching
from ..models import ExamplePerson

#: More would not be read while editing.
MOST_PEOPLE = 50


@dataclass
class Line:
    """One example person: a persona of the edited segment is ``expected`` to match."""

    person: ExamplePerson
    answer: Answer
    expected: bool


@require_POST
def matching_view(request: HttpRequest) -> HttpResponse:
    """The inside of the panel, for the form as it stands; no answers while the rule is not complete."""
    require_rule_writer(request.user)
    key = request.GET.get("segment", "")
    segment = Segment.objects.filter(pk=key).first() if key.isdecimal() and len(key) < 19 else None
    people = example_people(segment)
    rule = _rule(request, segment) if people else None
    context = {"lines": _lines(people, rule, segment), "has_rule": rule is not None}
    return render(request, "wagtail_personalize/segments/personas/matching.html", context)


def example_people(segment: Segment | None) -> list[ExamplePerson]:
    """Everybody who was invented, those of the segment's own personas first."""
    people = ExamplePerson.objects.select_related("persona").order_by("persona__name", "sort_order", "pk")
    key = segment.pk if segment else None
    return sorted(people, key=lambda person: key is None or person.persona.segment_id != key)[:MOST_PEOPLE]


def _rule(request: HttpRequest, segment: Segment | None) -> Any:
    """The rule in the form, or ``None`` when it says nothing yet."""
    builder = builder_for(request.user)
    value = builder.widget.value_from_datadict(request.POST, request.FILES, "rule")
    try:
        value = builder.block.clean(value) if value is not None and value["items"] else None
    except ValidationError:
        return None
    if value is None or builder.surplus(value):
        return None
    rule = builder.read(value)
    return None if problems(rule, segment.slug if segment else "") else rule


def _lines(people: list[ExamplePerson], rule: Any, segment: Segment | None) -> list[Line]:
    answers = [None] * len(people) if rule is None else Matching(person.values for person in people).answers(rule)
    own = segment.pk if segment else None
    return [
        Line(person, answer, own is not None and person.persona.segment_id == own)
        for person, answer in zip(people, answers, strict=True)
    ]
