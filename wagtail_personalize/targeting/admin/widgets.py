"""How an editor chooses an audience: in the settings of a block and on the audience page of a page.

The value is the stored form of an ``AudienceChoice``. The control is two of the rule builder's pickers, one for the
segments included and one for those excluded, with a start and an end, and a line that says in words who is reached.
"""

import json
from collections.abc import Iterable
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import register
from wagtail.admin.telepath.widgets import WidgetAdapter

from wagtail_personalize.segments.admin.builder.picker import ValuePicker

from ..audience_choice import AudienceChoice
from .choices import AudienceSegments
from .words import chooser_words

#: What was sent is no choice. It must not pass for an empty one, which is everyone: the field refuses it.
UNREADABLE = "unreadable"


class SegmentPicker(ValuePicker):
    """Tokens with a search over all segments, by UUID, by category and with their sizes."""

    values_url = "personalize_targeting:segment_choices"

    def __init__(self, label: Any = "", attrs: dict[str, Any] | None = None) -> None:
        super().__init__("segment", label=label, attrs=attrs)

    def find_source(self) -> AudienceSegments:
        return AudienceSegments()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["recent"] = "segments"
        return context


class AudienceInput(forms.Widget):
    """Chooses segments to include and to exclude and, unless ``with_times`` is false, a start and an end."""

    template_name = "wagtail_personalize/targeting/admin/audience_input.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, with_times: bool = True) -> None:
        super().__init__(attrs)
        self.with_times = with_times
        self.include = SegmentPicker(_("For people in"))
        self.exclude = SegmentPicker(_("But not for people in"))

    @property
    def media(self) -> forms.Media:
        own = forms.Media(
            js=[versioned_static("wagtail_personalize/targeting/audience-input.js")],
            css={"all": [versioned_static("wagtail_personalize/targeting/audience-input.css")]},
        )
        return self.include.media + own

    def format_value(self, value: Any) -> dict[str, Any]:
        """What the control shows for a stored value: the segments chosen with their names, and local times."""
        choice = AudienceChoice.from_raw(value)
        return {
            "include": self.include.format_value(sorted(choice.include)),
            "exclude": self.exclude.format_value(sorted(choice.exclude)),
            "starts": choice.local_starts,
            "ends": choice.local_ends,
        }

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown, identity = context["widget"]["value"], context["widget"]["attrs"].get("id", "")
        raw = value if isinstance(value, dict) else {}
        for part, picker in (("include", self.include), ("exclude", self.exclude)):
            context[part] = picker.render(f"{name}-{part}", _listed(raw.get(part)), {"id": f"{identity}-{part}"})
        context |= {
            "starts": shown["starts"],
            "ends": shown["ends"],
            "with_times": self.with_times,
            "reach_url": reverse("personalize_targeting:reach"),
            "words": json.dumps(chooser_words()),
        }
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        if name in data:
            return _from_json(data[name])
        parts = {"include": self.include, "exclude": self.exclude}
        value = {part: picker.value_from_datadict(data, files, f"{name}-{part}") for part, picker in parts.items()}
        if any(_from_json(data.get(f"{name}-{part}") or "[]") != value[part] for part in parts):
            return UNREADABLE
        value |= {part: data.get(f"{name}-{part}") or None for part in ("starts", "ends")}
        return value if any(value.values()) else None

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and not {f"{name}-include", f"{name}-exclude"} <= set(data)

    def id_for_label(self, id_: str, index: Any = None) -> str:
        return f"{id_}-include" if id_ else id_


class AudienceInputAdapter(WidgetAdapter):
    """Lets the control stand in a StreamField."""

    js_constructor = "wagtail_personalize.AudienceInput"

    @cached_property
    def media(self) -> forms.Media:
        return forms.Media(js=[versioned_static("wagtailadmin/js/telepath/widgets.js")])


register(AudienceInputAdapter(), AudienceInput)


def _listed(uuids: Any) -> list[str]:
    return sorted(map(str, uuids)) if isinstance(uuids, Iterable) and not isinstance(uuids, str) else []


def _from_json(value: Any) -> Any:
    """A value sent as a whole; what is no JSON stays as it is and is refused by the field."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value else None
    except (ValueError, RecursionError):
        return value
