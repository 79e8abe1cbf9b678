"""The values of invented people in words."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from wagtail_personalize.people.attributes import Attribute
from wagtail_personalize.people.declaration import ProfileDeclaration, get_declaration
from wagtail_personalize.people.values import declared_choices

from ..rules.wording import plain
from .facts import as_list, asked_attributes, linked_objects
from .models import ExamplePerson

Words = list[tuple[str, str]]


def value_words(people: Sequence[ExamplePerson]) -> list[Words]:
    """For each of these people (label, value) of what they were given, in the order of the declaration.

    Asks the database once for each attribute that links to something.
    """
    declaration = get_declaration()
    found: list[Words] = [[] for _person in people]
    for attribute in asked_attributes(declaration) if declaration else []:
        given = [as_list(_values(person).get(attribute.name)) for person in people]
        if any(given):
            labels = _labels(declaration, attribute, {str(value) for values in given for value in values})
            for words, values in zip(found, given, strict=True):
                if values:
                    text = ", ".join(_text(attribute, value, labels) for value in values)
                    words.append((capfirst(str(attribute.label)), text))
    return found


def _values(person: ExamplePerson) -> Mapping[str, Any]:
    return person.values if isinstance(person.values, Mapping) else {}


def _labels(declaration: ProfileDeclaration, attribute: Attribute, keys: set[str]) -> Mapping[str, str]:
    if attribute.kind == "choice":
        return dict(declared_choices(attribute))
    if attribute.kind in ("link", "tree", "many") and hasattr(attribute, "key"):
        try:
            objects = linked_objects(declaration, attribute, keys)
        except (AttributeError, TypeError):  # a many-valued path that ends on a text
            return {}
        return {str(getattr(each, attribute.key)): str(each) for each in objects}
    return {}


def _text(attribute: Attribute, value: Any, labels: Mapping[str, str]) -> str:
    if attribute.kind == "yes_no":
        return _("yes") if value else _("no")
    if attribute.kind == "date" and getattr(attribute, "yearless", False):
        return formats.date_format(date.fromisoformat(value), "MONTH_DAY_FORMAT")
    return labels.get(str(value)) or plain(value, getattr(attribute, "unit", ""))
