"""Which linked objects the lines of a batch name: looked up together, made on request.

A line names an object by a *key*: the texts of the ``find`` fields, or the steps of a path from the top of a tree.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q
from django.utils.translation import gettext as _

from wagtail_personalize.people.paths import end

from ..sources.contract import as_text, values_of
from .rules import LinkRule
from .targets import Target

Key = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Link:
    """A foreign key or many-to-many field and the columns that say where it points."""

    target: Target
    rule: LinkRule

    @property
    def model(self) -> type[Model]:
        return self.target.field.related_model

    @cached_property
    def columns(self) -> list[str]:
        return [*self.rule.find.values(), *self.rule.path]

    @cached_property
    def key_fields(self) -> list[Field]:
        """The fields that the texts of a key are compared with."""
        return [end(self.model, name) for name in self.rule.find or [self.rule.by]]

    @property
    def pointer(self) -> str:
        """The attribute of the object that is stored."""
        return "pk" if self.target.is_many else self.target.field.target_field.attname

    def keys(self, cells: Mapping[str, str]) -> list[Key]:
        """The objects that a line names: none, one, or for a many-valued field several."""
        given = [cells.get(column, "") for column in self.columns]
        if self.target.is_many and len(given) == 1:
            parts = dict.fromkeys(values_of(self._meant(given[0]), self.rule.separator))
            return [(self._meant(part),) for part in parts if part]
        texts = [self._meant(as_text(text)) for text in given]
        if self.rule.path:
            steps = values_of(self._meant(given[0]), self.rule.separator) if self.rule.separator else texts
            return [key] if (key := tuple(step.strip() for step in steps if step.strip())) else []
        return [tuple(texts)] if any(texts) else []

    def _meant(self, text: str) -> str:
        return str(self.rule.values.get(text, text))

    def typed(self, key: Key) -> Key | None:
        """The key as the database has it ("007" → "7" for a number); ``None`` when it cannot be one."""
        fields = self.key_fields * len(key) if self.rule.path else self.key_fields
        try:
            return tuple(text and str(field.to_python(text)) for field, text in zip(fields, key, strict=True))
        except ValidationError:
            return None


def look_up(link: Link, keys: Iterable[Key]) -> dict[Key, list[Any]]:
    """Typed key → what the objects with this key are stored as; one query for all."""
    wanted = set(keys)
    names = list(link.rule.find)
    condition = Q()
    for place, name in enumerate(names):
        texts = {key[place] for key in wanted}
        condition &= Q(**{f"{name}__in": texts}) | (Q(**{f"{name}__isnull": True}) if "" in texts else Q(pk__in=[]))
    found: dict[Key, list[Any]] = {}
    if wanted:
        for pointer, *values in link.model._default_manager.filter(condition).values_list(link.pointer, *names):
            found.setdefault(tuple("" if value is None else str(value) for value in values), []).append(pointer)
    return {key: found[key] for key in wanted & found.keys()}


def unknown(link: Link, key: Key) -> str:
    """The sentence for a key that names nothing."""
    return _("There is no %(model)s “%(key)s”.") % {
        "model": link.model._meta.verbose_name,
        "key": " / ".join(key),
    }


def ambiguous(link: Link, key: Key) -> str:
    """The sentence for a key that names several objects."""
    return _("There is more than one %(model)s “%(key)s”.") % {
        "model": link.model._meta.verbose_name,
        "key": " / ".join(key),
    }
