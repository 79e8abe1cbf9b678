"""In which language somebody is written to when no browser asks.

What the declaration names, else what they chose in Wagtail's account settings, else the site's. A language that the
site does not speak is none; of ``de-ch`` it takes ``de`` where there is no other.
"""

from typing import Any

from django.conf import settings
from django.db.models import CharField, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast
from django.utils.translation import get_supported_language_variant
from wagtail.users.models import UserProfile

from .declaration import get_declaration

_DECLARED, _CHOSEN = "_declared_language", "_chosen_language"


def with_language(people: QuerySet) -> QuerySet:
    """Users with what ``language_of`` asks."""
    declaration = get_declaration()
    chosen = UserProfile.objects.filter(user=OuterRef("pk")).order_by()
    people = people.annotate(**{_CHOSEN: Subquery(chosen.values("preferred_language")[:1])})
    if declaration is None or not declaration.language:
        return people
    profiles = declaration.profiles().filter(**{declaration.user: OuterRef("pk")}).order_by()
    code = Cast(F(declaration.language), CharField(max_length=35))
    return people.annotate(**{_DECLARED: Subquery(profiles.values(_code=code)[:1], output_field=CharField())})


def language_of(person: Any) -> str:
    """The code of the language of a user that ``with_language`` read."""
    for code in (getattr(person, _DECLARED, ""), getattr(person, _CHOSEN, "")):
        if known := _known(code):
            return known
    return settings.LANGUAGE_CODE


def _known(code: str | None) -> str:
    try:
        return get_supported_language_variant(code.lower().replace("_", "-")) if code else ""
    except LookupError:
        return ""
