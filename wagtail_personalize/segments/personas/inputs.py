"""One input for each attribute that an invented person may be given."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from wagtail.admin.staticfiles import versioned_static

from wagtail_personalize.people.attributes import Attribute
from wagtail_personalize.people.birthdays import DayAndMonthField, DayAndMonthInput
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.people.values import declared_choices

from ..admin.builder.picker import ValuePicker
from .facts import as_list, asked_attributes

#: The view that suggests values.
VALUES_URL = "personalize_personas:values"


class OneValuePicker(ValuePicker):
    """A picker for values of an attribute, at most ``limit`` of them (0: any number)."""

    values_url = VALUES_URL

    def __init__(self, attribute: Attribute, limit: int) -> None:
        super().__init__(f"attribute.{attribute.name}", label=attribute.label)
        self.limit = limit

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, as_list(value), attrs)
        context["widget"]["limit"] = self.limit
        return context


def input_for(attribute: Attribute) -> forms.Widget:
    """The widget that asks for a value of this attribute."""
    match attribute.kind:
        case "text":
            return forms.TextInput()
        case "choice" if choices := declared_choices(attribute):
            return forms.Select(choices=[("", "—"), *choices])
        case "number":
            return forms.NumberInput({"step": "any"})
        case "date" if attribute.yearless:
            return DayAndMonthInput()
        case "date":
            return forms.DateInput({"type": "date"}, format="%Y-%m-%d")
        case "yes_no":
            return forms.Select(choices=[("", "—"), ("true", _("Yes")), ("false", _("No"))])
    return OneValuePicker(attribute, limit=0 if attribute.kind == "many" else 1)


def read(attribute: Attribute, raw: Any) -> Any:
    """What was entered, in the form of rules; raises ``ValidationError``."""
    match attribute.kind:
        case "number":
            number = forms.DecimalField(required=False, max_digits=20).clean(raw)
            return number if number is None else int(number) if number == int(number) else float(number)
        case "date":
            field = DayAndMonthField(required=False) if attribute.yearless else forms.DateField(required=False)
            day = field.clean(raw)
            return day.isoformat() if day else None
        case "yes_no":
            return {"true": True, "false": False}.get(raw)
        case "many":
            return raw
    return (raw[0] if raw else None) if isinstance(raw, list) else (raw or "").strip()


class ValuesInput(forms.Widget):
    """Labels and inputs for all attributes of the declaration, as it stands when the form is shown."""

    template_name = "wagtail_personalize/segments/personas/values.html"
    use_fieldset = True

    def _inputs(self) -> Mapping[str, tuple[Attribute, forms.Widget]]:
        declaration = get_declaration()
        attributes = asked_attributes(declaration) if declaration else []
        return {attribute.name: (attribute, input_for(attribute)) for attribute in attributes}

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        values = value if isinstance(value, Mapping) else {}
        base = context["widget"]["attrs"].get("id") or f"id_{name}"
        context["widget"]["inputs"] = [
            _shown(attribute, widget, f"{name}-{key}", f"{base}-{key}", values.get(key))
            for key, (attribute, widget) in self._inputs().items()
        ]
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, Any]:
        return {
            key: widget.value_from_datadict(data, files, f"{name}-{key}")
            for key, (_attribute, widget) in self._inputs().items()
        }

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(key.startswith(f"{name}-") for key in data)

    def id_for_label(self, id_: str) -> str:
        return ""

    @property
    def media(self) -> forms.Media:
        return forms.Media(
            js=[versioned_static("wagtail_personalize/segments/value-picker.js")],
            css={"all": [versioned_static(f"wagtail_personalize/segments/{name}.css") for name in _STYLES]},
        )


_STYLES = ("segments", "personas")


def _shown(attribute: Attribute, widget: forms.Widget, name: str, id_: str, value: Any) -> dict[str, Any]:
    if attribute.kind == "yes_no" and isinstance(value, bool):
        value = "true" if value else "false"
    html = widget.render(name, value, {"id": id_})
    return {
        "label": attribute.label,
        "id": None if getattr(widget, "use_fieldset", False) else id_,
        "html": html,
        "unit": getattr(attribute, "unit", ""),
    }
