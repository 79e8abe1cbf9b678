"""The values of an invented person in a model."""

from typing import Any

from django import forms
from django.db import models


class ExampleValuesField(models.JSONField):
    """A JSON field whose form asks for each declared attribute; to the database it is any JSON field."""

    def deconstruct(self) -> tuple[str, str, list, dict]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs

    def formfield(self, **kwargs: Any) -> forms.Field:
        from .values_form import ValuesField

        kwargs.pop("widget", None)
        return models.Field.formfield(self, **{**kwargs, "form_class": ValuesField})
