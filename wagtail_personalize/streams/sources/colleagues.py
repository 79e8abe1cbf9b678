"""Colleagues as sources: what they publish."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.people.loading import by_name, with_attributes
from wagtail_personalize.people.names import person_name
from wagtail_personalize.people.pages.cards import card
from wagtail_personalize.people.search import find_people
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.page_tree import page_model

from ..hashtag_stream import pages_in_order
from ..open_pages import open_pages
from .kinds import Keys, Shown, SourceKind, register_kind

PERSON = "person"


@register_kind
class Colleagues(SourceKind):
    """Who has a profile here and is active, for everybody who is signed in; not oneself."""

    name = PERSON
    label = gettext_lazy("Colleague")
    label_plural = gettext_lazy("Colleagues")
    icon = "user"
    order = 30

    def found(self, keys: Collection[str], viewer: Viewer) -> Mapping[str, Shown]:
        declaration = get_declaration()
        ids = [pk for pk in ids_of(keys) if pk != viewer.person_id]
        if declaration is None or viewer.is_anonymous or not ids:
            return {}
        attributes = declaration.summary_attributes
        people = with_attributes(declaration.people(), attributes).filter(**{f"{declaration.user}__in": ids})
        cards = (card(profile, attributes) for profile in people)
        return {
            str(each.user.pk): Shown(
                self, str(each.user.pk), each.name, _url(each.user), " · ".join(line.value for line in each.lines)
            )
            for each in cards
        }

    def offered(self, viewer: Viewer, typed: str = "") -> Sequence[str]:
        declaration = get_declaration()
        if declaration is None or viewer.is_anonymous:
            return []
        people = declaration.people().exclude(**{declaration.user: viewer.person_id})
        people = find_people(people, typed) if typed else people
        return Keys(by_name(people).values_list(declaration.person_path, flat=True))

    def items(self, key: str, viewer: Viewer, number: int = 5) -> list[Page]:
        pages = open_pages(viewer).filter(owner__in=ids_of([key])).exclude(first_published_at=None)
        newest = pages.order_by("-first_published_at", "-pk")
        return pages_in_order(list(newest.values_list("pk", flat=True)[:number]))

    def keys_of(self, pages: Iterable[Page]) -> Mapping[Any, set[str]]:
        return {page.pk: {str(page.owner_id)} if page.owner_id is not None else set() for page in pages}

    def pages_of(self, key: str) -> QuerySet:
        return page_model()._base_manager.filter(owner__in=ids_of([key]), live=True).order_by()

    def labels(self, keys: Collection[str]) -> Mapping[str, str]:
        users = get_user_model()._base_manager.filter(pk__in=ids_of(keys))
        return {str(user.pk): person_name(user) for user in users}


def key_of_person(user: Any) -> str:
    """By which a colleague is followed."""
    return str(user.pk)


def _url(user: Any) -> str:
    try:
        return reverse("wagtail_personalize:person", args=[user.pk])
    except NoReverseMatch:
        return ""


def ids_of(keys: Iterable[str]) -> list[Any]:
    """Keys of users, whatever they are in this site, in the one spelling that we write."""
    field, found = get_user_model()._meta.pk, []
    for key in keys:
        try:
            pk = field.to_python(key)
        except ValidationError:
            continue
        if str(pk) == key and not (isinstance(pk, int) and pk >= 2**63):
            found.append(pk)
    return found
