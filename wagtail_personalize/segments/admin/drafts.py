"""What a rule means before it is saved: the people it would contain now."""

from collections.abc import Collection
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet

from wagtail_personalize.people.declaration import get_declaration

from ..effective import Definitions, people


def people_in_draft(rule: Any, included: Collection[Any], excluded: Collection[Any]) -> QuerySet:
    """The profiles of the people whom a segment with this rule and these lists (keys of users) would contain.

    Raises ``BrokenRule``.
    """
    declaration = get_declaration()
    person = f"{declaration.person_path}__in"
    matched = Definitions().of_rule(rule)
    if included:
        matched = matched | Q(**{person: list(included)})
    if excluded:
        matched = matched & ~Q(**{person: list(excluded)})
    return declaration.profiles().filter(matched & people(declaration))


def example_people(profiles: QuerySet, number: int) -> list[Any]:
    """A few of these people, as users, always the same ones."""
    declaration = get_declaration()
    keys = list(profiles.order_by(declaration.person_path).values_list(declaration.person_path, flat=True)[:number])
    return list(get_user_model()._default_manager.filter(pk__in=keys).order_by("pk"))
