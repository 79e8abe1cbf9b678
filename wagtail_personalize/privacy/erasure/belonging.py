"""The rows that are one person: the account, the profile, and whatever else an account has exactly one of."""

from typing import Any

from django.db.models import Model


def belonging(user: Any) -> list[Model]:
    """The account itself first."""
    found = [user]
    for relation in user._meta.get_fields(include_hidden=True):
        if relation.one_to_one and relation.auto_created and not relation.concrete:
            found += relation.related_model._base_manager.filter(**{relation.field.name: user})
    return found
