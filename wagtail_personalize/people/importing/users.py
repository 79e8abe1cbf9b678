"""What the import asks of a user model, which may be any."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
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


def holding_rights(keys: Iterable[Any]) -> set[Any]:
    """Those of these users who hold a permission, themselves or by a group; two queries however many they are.

    An e-mail address is enough to set a new password: a file that changes theirs would hand their rights to somebody.
    """
    wanted = list(keys)
    if not wanted:
        return set()
    users = get_user_model()._base_manager.filter(pk__in=wanted).order_by()
    found: set[Any] = set()
    if has_field("user_permissions"):
        found.update(users.filter(user_permissions__isnull=False).values_list("pk", flat=True))
    if has_field("groups"):
        granting = Group.permissions.through.objects.values("group")
        found.update(users.filter(groups__in=granting).values_list("pk", flat=True))
    return found
