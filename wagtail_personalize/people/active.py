"""The users who are not locked out."""

from django.db.models import QuerySet


def active(users: QuerySet) -> QuerySet:
    """Those of these users who are not locked out; all of them where the user model does not tell it."""
    has_flag = any(field.name == "is_active" for field in users.model._meta.concrete_fields)
    return users.filter(is_active=True) if has_flag else users
