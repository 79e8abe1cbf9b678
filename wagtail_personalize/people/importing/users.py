"""What the import asks of a user model, which may be any."""

from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, Q


def has_field(name: str) -> bool:
    """Does the user model store this?"""
    try:
        get_user_model()._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True


def is_protected(user: Model | None) -> bool:
    """Staff and superusers: an import neither makes them inactive nor touches how they sign in."""
    return bool(getattr(user, "is_staff", False) or getattr(user, "is_superuser", False))


def protected(path: str) -> Q:
    """``is_protected`` as a condition; ``path`` leads to the user."""
    conditions = Q(pk__in=[])
    for name in ("is_staff", "is_superuser"):
        if has_field(name):
            conditions |= Q(**{f"{path}__{name}": True})
    return conditions
