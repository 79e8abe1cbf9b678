"""In which language somebody reads: on the site and in what is written to them.

What the declaration names, else what they chose in Wagtail's account settings, else what the browser asks for (where
there is one), else the site's. A language that the site does not speak is none; of ``de-ch`` it takes ``de`` where
there is no other.
"""

from typing import Any

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.contrib.auth import get_user_model
from django.db.models import CharField, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils.translation import (
    get_language,
    get_language_from_request,
    get_language_info,
    get_supported_language_variant,
)
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
    return _of_profile(person) or settings.LANGUAGE_CODE


def language_for(request: HttpRequest) -> str:
    """The code of the language of whoever asks: chosen on this device, else their profile's, the browser's, the site's.

    One query for somebody who is signed in and chose nothing on this device.
    """
    if chosen := _known(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)):
        return chosen
    return _of_whoever_is_signed_in(request) or get_language_from_request(request)


def shown_language() -> str:
    """The code of the language that is shown now."""
    return get_language() or settings.LANGUAGE_CODE


def language_name(code: str) -> str:
    """What a language is called in the one that is shown; the country is named only where it tells two apart."""
    main = code.split("-")[0]
    others = [one for one, _name in settings.LANGUAGES if one != code and one.split("-")[0] == main]
    for known in (code, main) if others else (main, code):
        if known in LANG_INFO and "name" in LANG_INFO[known]:
            return str(get_language_info(known)["name_translated"])
    return str(dict(settings.LANGUAGES).get(code, code))


def _of_whoever_is_signed_in(request: HttpRequest) -> str:
    if not request.user.is_authenticated:
        return ""
    people = with_language(get_user_model()._default_manager.filter(pk=request.user.pk))
    return _of_profile(people.only("pk").first())


def _of_profile(person: Any) -> str:
    codes = (getattr(person, _DECLARED, ""), getattr(person, _CHOSEN, ""))
    return next((known for code in codes if (known := _known(code))), "")


def _known(code: str | None) -> str:
    try:
        return get_supported_language_variant(code.lower().replace("_", "-")) if code else ""
    except LookupError:
        return ""
