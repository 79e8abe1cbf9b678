"""Deleting a row about a person; where something must not lose it, the row stays and says nothing any more."""

from typing import Any
from uuid import uuid4

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, models, transaction
from django.db.models import CASCADE, SET_NULL, Field, Model
from django.db.models.deletion import ProtectedError, RestrictedError

#: What stands where a text must be.
ERASED = "erased"
#: What an account is allowed, and whether it may be used.
_FLAGS = ("is_active", "is_staff", "is_superuser")


def remove(row: Model) -> bool:
    """Delete this row with everything that goes with it, or make it anonymous; true when it could be deleted."""
    try:
        with transaction.atomic():
            row.delete()
    except (ProtectedError, RestrictedError, IntegrityError):
        _let_go(row)
        _anonymise(row)
        return False
    return True


def _let_go(row: Model) -> None:
    """Do what deleting the row would have done to the rows that point to it, as far as these allow it."""
    for relation in row._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and (relation.one_to_many or relation.one_to_one)) or relation.concrete:
            continue
        pointing = relation.related_model._base_manager.filter(**{relation.field.name: row})
        if relation.on_delete is SET_NULL:
            pointing.update(**{relation.field.name: None})
        elif relation.on_delete is CASCADE:
            for each in pointing:
                remove(each)


def _anonymise(row: Model) -> None:
    for field in row._meta.concrete_fields:
        if not field.primary_key and not (field.is_relation and not field.null):
            setattr(row, field.attname, _nothing(row, field))
    for field in row._meta.many_to_many:
        getattr(row, field.name).clear()
    row.save()


def _nothing(row: Model, field: Field) -> Any:
    """What says nothing about the person and may stand in this field."""
    if field.name in _FLAGS:
        return False
    if field.name == "password":
        return make_password(None)
    if field.null:
        return None
    if isinstance(field, models.FileField):
        return ""
    if isinstance(field, models.CharField | models.TextField):
        return f"{ERASED}-{uuid4().hex}"[: field.max_length] if field.unique else "" if field.blank else ERASED
    return field.get_default() if field.has_default() else getattr(row, field.attname)
