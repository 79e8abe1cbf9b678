"""Why is somebody in a segment, or not? One asks with a name and reads the answer as a tree."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_personalize.privacy.models import LookAt

from ..explaining.explanation import Explanation, explain
from ..refresh import ensure_today
from .builder.picker import PickerField
from .segment_page import SegmentPageMixin


class PersonForm(forms.Form):
    """Whom the question is about; of several people the last one that was picked."""

    person = PickerField("person", existing=True, label=gettext_lazy("Person"))

    def find(self) -> Any:
        """The user, or ``None`` when nobody is chosen."""
        chosen = self.cleaned_data.get("person") if self.is_valid() else None
        return get_user_model()._default_manager.filter(pk=chosen[-1]).first() if chosen else None


class SegmentExplainView(SegmentPageMixin, WagtailAdminTemplateMixin, TemplateView):
    """Read only, with the permission ``view_members`` alone; each answer is logged as a look at names."""

    template_name = "wagtail_personalize/segments/admin/explain.html"
    page_title = gettext_lazy("Why?")
    header_icon = "help"
    needs_names = True
    place = "explain"

    @cached_property
    def form(self) -> PersonForm:
        return PersonForm(self.request.GET)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        person = self.form.find()
        asked = {"form": self.form, "media": context.get("media", forms.Media()) + self.form.media}
        return context | asked | (self._answer(person) if person else {})

    def _answer(self, person: Any) -> dict[str, Any]:
        ensure_today()
        self.object.refresh_from_db()
        explanation = explain(self.object, person)
        self.log_look(LookAt.Kind.WHY, _("Why in the segment “%(name)s” or not"), [person.pk])
        return {
            "explanation": explanation,
            "verdict": _verdict(explanation, get_user_display_name(person)),
            "member_since": self.object.memberships.filter(person=person).values_list("since", flat=True).first(),
        }


def _verdict(explanation: Explanation, name: str) -> str:
    sentence = _("%(name)s is in this segment.") if explanation.is_in else _("%(name)s is not in this segment.")
    return sentence % {"name": name}


URLPATTERNS = [path("explain/<int:pk>/", SegmentExplainView.as_view(), name="explain")]
