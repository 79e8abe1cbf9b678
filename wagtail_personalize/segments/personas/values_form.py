"""The values of an invented person in a form: one input for each attribute in front, JSON behind."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from wagtail_personalize.people.declaration import get_declaration

from .facts import asked_attributes
from .inputs import ValuesInput, read


class ValuesField(forms.Field):
    """Cleans to attribute → value in the form of rules, without what was left empty."""

    widget = ValuesInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs = {name: kwargs[name] for name in ("label", "help_text", "initial") if name in kwargs}
        super().__init__(required=False, **kwargs)

    def clean(self, value: dict[str, Any] | None) -> dict[str, Any]:
        cleaned, problems = {}, []
        declaration = get_declaration()
        for attribute in asked_attributes(declaration) if declaration else []:
            try:
                found = read(attribute, (value or {}).get(attribute.name))
            except ValidationError as error:
                problems += [f"{attribute.label}: {message}" for message in error.messages]
                continue
            if found not in (None, "", []):
                cleaned[attribute.name] = found
        if problems:
            raise ValidationError(problems)
        return cleaned

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return (initial or {}) != self.clean(data)
        except ValidationError:
            return True
