"""What to call somebody, and in which fields to look for a name: any user model will do."""

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import CharField, Model, TextField

_NAME_FIELDS = ("first_name", "last_name", "full_name", "name", "display_name")


def person_name(user: Any) -> str:
    """The full name of a user, of any user model; else the login name."""
    full_name = user.get_full_name() if hasattr(user, "get_full_name") else ""
    return full_name or str(user)


def name_fields(user_model: type[Model]) -> list[str]:
    """The text fields of a user model that hold a name; without any, the login name."""
    found = [name for name in _NAME_FIELDS if _is_text(user_model, name)]
    return found or [user_model.USERNAME_FIELD]


def _is_text(model: type[Model], name: str) -> bool:
    try:
        return isinstance(model._meta.get_field(name), CharField | TextField)
    except FieldDoesNotExist:
        return False
