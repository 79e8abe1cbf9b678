"""The fields in the preview panel that find a colleague by name, and a combination of segments by theirs."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.staticfiles import versioned_static

from wagtail_personalize.segments.admin.builder.picker import ValuePicker


class PreviewPicker(ValuePicker):
    """Picks one; nothing in it is ever stored."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["limit"] = 1
        return context

    @property
    def media(self) -> forms.Media:
        return super().media + forms.Media(
            js=[versioned_static("wagtail_personalize/targeting/preview-person.js")],
            css={"all": [versioned_static("wagtail_personalize/targeting/preview.css")]},
        )


class ColleaguePicker(PreviewPicker):
    """One colleague."""

    values_url = "personalize_targeting:preview_people"

    def __init__(self) -> None:
        super().__init__("person", label=_("Preview as a colleague"))

    def __str__(self) -> str:
        return self.render("preview_person", [], {"id": "id_preview_person"})


class CombinationPicker(PreviewPicker):
    """One combination of segments that occurs among the people of a page."""

    values_url = "personalize_targeting:segment_choices"

    def __init__(self, page_id: int) -> None:
        super().__init__("segment", label=_("Preview as another combination"))
        self.page_id = page_id

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["url"] = reverse("personalize_targeting:preview_combinations", args=[self.page_id])
        return context

    def __str__(self) -> str:
        return self.render("preview_combination", [], {"id": "id_preview_combination"})
