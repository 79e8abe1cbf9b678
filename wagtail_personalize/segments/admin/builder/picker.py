"""A form field for values that are picked from what really occurs."""

import json
from functools import lru_cache
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import register
from wagtail.admin.telepath.widgets import WidgetAdapter
from wagtail.blocks import FieldBlock

from .sources import Source, source_named

#: The view that answers what one types.
VALUES_URL = "personalize_segments:values"


class ValuePicker(forms.Widget):
    """Tokens with a search. The field's value is a list of rule values; the form carries it as JSON."""

    template_name = "wagtail_personalize/segments/admin/value_picker.html"
    show_add_comment_button = False
    values_url = VALUES_URL

    def __init__(self, source: str, *, label: Any = "", attrs: dict[str, Any] | None = None):
        super().__init__(attrs)
        self.source = source
        self.label = label

    def find_source(self) -> Source:
        """Where the values come from; a subclass may bring its own, with a view at ``values_url``."""
        return source_named(self.source)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        items = context["widget"]["value"]
        context["widget"] |= {
            "carrier": json.dumps([item["value"] for item in items]),
            "items": json.dumps(items),
            "url": reverse(self.values_url),
            "source": self.source,
            "free": "true" if self.find_source().free else "false",
            "typed_first": "true" if self.find_source().typed_first else "false",
            "label": _wording()["add"] if not self.label else f"{self.label}: {_wording()['add']}",
            "text": json.dumps(_wording()),
        }
        return context

    def format_value(self, value: Any) -> list[dict[str, Any]]:
        """The values as the picker shows them; one that no longer exists is shown by its key and marked."""
        if not value:
            return []
        labels = self.find_source().labels(value)
        return [_item(one, labels) for one in value]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        try:
            values = json.loads(data.get(name) or "[]")
        except (ValueError, RecursionError):
            return []
        return [one for one in values if _is_value(one)] if isinstance(values, list) else []

    @property
    def media(self) -> forms.Media:
        return forms.Media(
            js=[versioned_static("wagtail_personalize/segments/value-picker.js")],
            css={"all": [versioned_static("wagtail_personalize/segments/segments.css")]},
        )


class ValuePickerAdapter(WidgetAdapter):
    """All pickers of a page share one piece of HTML."""

    js_constructor = "wagtail_personalize.ValuePicker"

    def js_args(self, widget: ValuePicker) -> list[Any]:
        source = widget.find_source()
        own = {
            "source": widget.source,
            "free": source.free,
            "typedFirst": source.typed_first,
            "label": str(widget.label),
        }
        return [_shared_html(get_language()), own]


@lru_cache
def _shared_html(language: str | None) -> str:
    return ValuePicker("text").render("__NAME__", None, attrs={"id": "__ID__"})


register(ValuePickerAdapter(), ValuePicker)


class PickerField(forms.Field):
    """A list of values of one source; ``existing`` leaves out what does not exist."""

    def __init__(self, source: str, *, existing: bool = False, **kwargs: Any):
        self.existing = existing
        label = kwargs.get("label") or ""
        super().__init__(widget=ValuePicker(source, label=label), **{"required": False, **kwargs})

    def to_python(self, value: Any) -> list[Any]:
        values = list(value or [])
        if not self.existing:
            return values
        known = source_named(self.widget.source).labels(values)
        return [str(one) for one in values if str(one) in known]


class PickerBlock(FieldBlock):
    """A list of values of one source, inside a stream."""

    def __init__(self, source: str, **kwargs: Any):
        self.field = PickerField(source, label=kwargs.get("label") or "")
        super().__init__(**kwargs)

    def get_default(self) -> list[Any]:
        return []


def _is_value(one: Any) -> bool:
    """A number, or text that a database can take: JSON may name half of a pair of surrogates."""
    if not isinstance(one, str):
        return isinstance(one, int | float)
    try:
        one.encode()
    except UnicodeEncodeError:
        return False
    return True


def _item(value: Any, labels: dict[str, str]) -> dict[str, Any]:
    label = labels.get(str(value))
    return {"value": value, "label": str(value)} | ({"missing": True} if label is None else {"label": label})


def _wording() -> dict[str, str]:
    """What the picker says; the script has no words of its own."""
    return {
        "add": _("add a value"),
        "added": _("added"),
        "removed": _("removed"),
        "remove": _("Remove"),
        # Translators: %s is what the editor typed.
        "use": _("Use “%s”"),
        "nothing": _("Nothing found"),
        # Translators: %s is a number.
        "results": _("Results: %s"),
        "recent": _("Recently used"),
        "missing": _("This value no longer exists."),
    }
