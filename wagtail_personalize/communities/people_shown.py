"""People beside what they did openly: by name as long as they work here, then as a former colleague."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Model
from django.urls import NoReverseMatch
from django.utils.translation import gettext as _

from wagtail_personalize.people.active import active
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.people.loading import with_attributes
from wagtail_personalize.people.names import person_name
from wagtail_personalize.people.pages.cards import PersonCard, card


@dataclass(frozen=True)
class Someone:
    """A person in a list; without ``url`` there is no page about them."""

    name: str
    url: str = ""
    photo_url: str = ""
    initials: str = ""
    tone: int = 0


def former() -> Someone:
    """Whoever left, or whose account was erased."""
    return Someone(_("Former colleague"), initials="–", tone=7)


def shown_people(ids: Iterable[Any]) -> dict[Any, Someone]:
    """By key those of these users who are not locked out. A fixed number of queries."""
    ids = set(ids) - {None}
    if not ids:
        return {}
    declaration, found = get_declaration(), {}
    if declaration is not None:
        people = with_attributes(declaration.people(), []).filter(**{f"{declaration.user}__in": ids})
        found = {each.user.pk: _of_card(each) for each in (card(profile, []) for profile in people)}
    rest = ids - found.keys()
    users = active(get_user_model()._base_manager.filter(pk__in=rest)) if rest else ()
    return found | {user.pk: _of_user(user) for user in users}


def _of_card(each: PersonCard) -> Someone:
    try:
        url = each.url
    except NoReverseMatch:
        url = ""
    return Someone(each.name, url, each.photo_url, each.initials, each.tone)


def _of_user(user: Model) -> Someone:
    """An account without a profile, such as an editor's from outside."""
    name = person_name(user)
    return Someone(name, initials=name[:1].upper(), tone=sum(name.encode()) % 8)
