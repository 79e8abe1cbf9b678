"""The answer to an editor who is still writing a rule: how it reads, how many people it means, five of their names.

Without the permission ``view_members`` the size is rounded, sizes are limited in number, and a rule that asks about
birthdays or about what people say themselves is not counted at all.
"""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin.utils import get_user_display_name

from wagtail_personalize.privacy.audit import log_names_seen
from wagtail_personalize.privacy.limits import take_live_size
from wagtail_personalize.privacy.models import LookAt
from wagtail_personalize.privacy.sizes import shown_size

from ..impact import shift
from ..list_changes import Lists, stored_lists
from ..models import Segment
from ..rules.sentence import sentence
from .builder.fields import Builder, builder_for
from .builder.picker import PickerField
from .builder.restrictions import asks_about_personal, refusal
from .drafts import Draft, example_people
from .forms import EXCLUDED, INCLUDED
from .permissions import may_see_members, require_rule_writer

#: So many people are named.
EXAMPLES = 5


@dataclass
class Answer:
    """What the panel shows."""

    sentence: str = ""
    size: str = ""
    names: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    #: Why there is no size.
    refusal: str = ""
    #: Who would join and leave a live segment, such as "+37 / −4".
    shift: str = ""


@require_POST
def live_view(request: HttpRequest) -> HttpResponse:
    """The inside of the panel, for the form as it stands."""
    require_rule_writer(request.user)
    answer = _answer(request, _edited_segment(request))
    return render(request, "wagtail_personalize/segments/admin/live_answer.html", {"answer": answer})


def _edited_segment(request: HttpRequest) -> Segment | None:
    key = request.GET.get("segment", "")
    return Segment.objects.filter(pk=key).first() if key.isdecimal() and len(key) < 19 else None


def _answer(request: HttpRequest, segment: Segment | None) -> Answer:
    builder = builder_for(request.user)
    value = builder.widget.value_from_datadict(request.POST, request.FILES, "rule")
    if value is None or not value["items"]:
        return Answer()
    try:
        value = builder.block.clean(value)
    except ValidationError:
        return Answer(problems=[_("Something that was entered cannot be understood.")])
    return _answer_about(request, builder, value, segment)


def _answer_about(request: HttpRequest, builder: Builder, value: Any, segment: Segment | None) -> Answer:
    rule = builder.read(value)
    draft = Draft(rule, segment)
    found = builder.surplus(value) or draft.problems
    answer = Answer(sentence(rule), problems=list(dict.fromkeys(map(str, found))))
    if not found:
        lists = _lists(request, segment)
        _count(answer, request, rule, draft.people(*lists))
        if segment is not None and segment.live and may_see_members(request.user):
            moved = shift(segment, rule, *lists)
            answer.shift = f"+{moved.joins} / −{moved.leaves}"
    return answer


def _lists(request: HttpRequest, segment: Segment | None) -> Lists:
    """The lists beside the rule: as the form has them, or as they are stored where the form may not show them."""
    if may_see_members(request.user) and not {INCLUDED, EXCLUDED}.isdisjoint(request.POST):
        return _named(request, INCLUDED), _named(request, EXCLUDED)
    if segment is None:
        return [], []
    return stored_lists(segment)


def _named(request: HttpRequest, field_name: str) -> list[str]:
    field = PickerField("person", existing=True)
    return field.clean(field.widget.value_from_datadict(request.POST, request.FILES, field_name))


def _count(answer: Answer, request: HttpRequest, rule: Any, profiles: QuerySet) -> None:
    user = request.user
    exact = may_see_members(user)
    if not exact and asks_about_personal(rule):
        answer.refusal = refusal()
    elif not exact and not take_live_size(user):
        answer.refusal = _("You have asked for many sizes in a short time. Please wait a few minutes for the next one.")
    else:
        answer.size = shown_size(profiles.count(), exact)
        if exact:
            answer.names = _names(user, profiles)


def _names(user: Any, profiles: Any) -> list[str]:
    examples = example_people(profiles, EXAMPLES)
    if examples:
        log_names_seen(user, _("Rule builder"), examples, LookAt.Kind.MEMBERS)
    return [get_user_display_name(person) for person in examples]
