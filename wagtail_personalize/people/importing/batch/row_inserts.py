"""Storing new objects with ordinary fields from plain rows.

Django's ``bulk_create`` does the same, but asks each field of each object six times, which takes longer than the
database needs. On databases that do not return keys from lists of values, and for models with any unusual field, it is
left to do it.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connections, models, router

from wagtail_personalize.people.many_rows import insert_returning

#: Fields whose values are stored as they are prepared, and can be put into a list of values.
_ORDINARY = (
    models.CharField,
    models.TextField,
    models.IntegerField,
    models.BooleanField,
    models.DateField,
    models.UUIDField,
    models.ForeignKey,
)


def insert_objects(objects: Sequence[models.Model], unique: models.Field) -> None:
    """Insert these objects of one model and give them their keys. Sends no signals.

    MySQL does not tell the keys, so they are read back by a ``unique`` field.
    """
    if not objects:
        return
    model = type(objects[0])
    alias = router.db_for_write(model)
    fields = _plain_fields(model, connections[alias])
    if fields:
        _set_keys(objects, insert_returning(fields, [_values(each, fields) for each in objects]), alias)
        return
    model._base_manager.bulk_create(objects)
    if not connections[alias].features.can_return_rows_from_bulk_insert:
        name = unique.attname
        wanted = {f"{name}__in": [getattr(each, name) for each in objects]}
        keys = dict(model._base_manager.filter(**wanted).values_list(name, "pk"))
        _set_keys(objects, [keys[getattr(each, name)] for each in objects], alias)


def _plain_fields(model: type[models.Model], connection: Any) -> list[models.Field]:
    """All fields to store, beside a key that the database makes; none when one of them, or the key, is special."""
    meta = model._meta
    fields = [field for field in meta.local_concrete_fields if field is not meta.pk]
    ordinary = not meta.parents and isinstance(meta.pk, models.AutoField) and all(map(_is_ordinary, fields))
    return fields if ordinary and connection.vendor == "postgresql" else []


def _is_ordinary(field: models.Field) -> bool:
    target = field.target_field if field.is_relation else field
    return (
        isinstance(field, _ORDINARY)
        and type(target).__module__.startswith("django.db.models.")
        and not field.generated
        and not field.has_db_default()
    )


def _values(each: models.Model, fields: list[models.Field]) -> tuple[Any, ...]:
    return tuple([field.pre_save(each, True) for field in fields])


def _set_keys(objects: Sequence[models.Model], keys: list[Any], alias: str) -> None:
    for each, key in zip(objects, keys, strict=True):
        each.pk = key
        each._state.adding, each._state.db = False, alias
