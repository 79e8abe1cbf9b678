"""What a placeholder says in a preview as an invented person: her values, and what follows from them.

Nobody is behind these values, so all of them are told. What an invented person cannot have, such as a manager, has its
fallback.
"""

from datetime import date
from functools import cached_property
from typing import Any

from django.utils import timezone

from wagtail_personalize.people.attributes import Attribute, Date
from wagtail_personalize.people.declaration import ProfileDeclaration, get_declaration
from wagtail_personalize.people.values import displayed
from wagtail_personalize.segments.models import ExamplePerson
from wagtail_personalize.segments.personas.facts import Facts, linked_objects
from wagtail_personalize.segments.viewer import Viewer

from .own_values import OwnValues
from .placeholder_names import MANAGER, NAME, attribute_called, date_called, is_own_name


def show_as(viewer: Viewer, example: ExamplePerson) -> Viewer:
    """Let placeholders have the values of ``example`` for this viewer."""
    viewer.__dict__["_own_values"] = ExampleValues(viewer, example)
    return viewer


class ExampleValues(OwnValues):
    """Looks the values of one invented person up by name."""

    def __init__(self, viewer: Viewer, example: ExamplePerson) -> None:
        super().__init__(viewer)
        self.example = example

    def __call__(self, name: str) -> str:
        if name not in self.found:
            self.found[name] = self._find(name)
        return self.found[name]

    def _find(self, name: str) -> str:
        if name == NAME:
            return self.example.name
        if get_declaration() is None or name == MANAGER:
            return ""
        if day := date_called(name):
            return self._days_since(day)
        attribute = attribute_called(name)
        if attribute is None:
            return ""
        return self._part_of_name(attribute) if is_own_name(attribute) else self._displayed(attribute)

    @cached_property
    def _facts(self) -> Facts:
        return Facts(self._declaration, [self.example.values])

    @property
    def _declaration(self) -> ProfileDeclaration:
        return get_declaration()

    def _part_of_name(self, attribute: Attribute) -> str:
        """As everybody would read "Nina Berg"; of a single word it is the first name."""
        first, _blank, last = self.example.name.strip().partition(" ")
        return {"first_name": first, "last_name": last}.get(attribute.path.rpartition("__")[2], "")

    def _days_since(self, attribute: Date) -> str:
        values = self._facts.of(0, attribute)
        days = (timezone.localdate() - date.fromisoformat(values[0])).days if values else -1
        return str(days) if days >= 0 else ""

    def _displayed(self, attribute: Attribute) -> str:
        values = self._facts.of(0, attribute)
        if values and attribute.kind in ("link", "tree", "many") and hasattr(attribute, "key"):
            return ", ".join(sorted(self._linked(attribute, values)))
        return ", ".join(_displayed(attribute, value) for value in values)

    def _linked(self, attribute: Attribute, keys: list[Any]) -> list[str]:
        try:
            return [str(each) for each in linked_objects(self._declaration, attribute, keys)]
        except (AttributeError, TypeError):  # a many-valued path that ends on a text
            return [str(key) for key in keys]


def _displayed(attribute: Attribute, value: Any) -> str:
    """A value in the form of rules as people read it."""
    return displayed(date.fromisoformat(value) if isinstance(attribute, Date) else value, attribute)
