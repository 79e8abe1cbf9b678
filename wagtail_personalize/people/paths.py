"""Walking a declared path over the models, hop by hop."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, ForeignObjectRel, Model

PathField = Field | ForeignObjectRel


@dataclass(frozen=True)
class Hop:
    """One step of a path: ``field`` of ``model``, which the path reached by ``prefix`` (empty: the profile itself)."""

    prefix: str
    model: type[Model]
    field: PathField

    @property
    def many(self) -> bool:
        """Does this step lead to several objects?"""
        return bool(self.field.many_to_many or self.field.one_to_many)

    @property
    def accessor(self) -> str:
        """The Python attribute that holds the value or the manager."""
        return self.field.get_accessor_name() if isinstance(self.field, ForeignObjectRel) else self.field.name


def hops(model: type[Model], path: str) -> list[Hop]:
    """The steps of ``path`` from ``model``; raises ``FieldDoesNotExist`` for a step that is not there."""
    return list(_walk(model, path))


def _walk(model: type[Model] | None, path: str) -> Iterator[Hop]:
    names = path.split("__")
    for position, name in enumerate(names):
        if model is None:
            raise FieldDoesNotExist(f"“{'__'.join(names[:position])}” is not a relation, so “{name}” cannot follow it.")
        field = model._meta.pk if name == "pk" else model._meta.get_field(name)
        yield Hop("__".join(names[:position]), model, field)
        model = field.related_model if field.is_relation else None


def end(model: type[Model], path: str) -> PathField:
    """The field at the end of ``path``."""
    return hops(model, path)[-1].field
