"""Colleagues by name, phone and other visible texts, and by what the directory can be filtered by, such as skills."""

from typing import Any

from django.db.models import Q

from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.people.facets import facets
from wagtail_personalize.people.folding import fold
from wagtail_personalize.people.loading import by_name, with_attributes
from wagtail_personalize.people.pages.cards import PersonCard, card
from wagtail_personalize.people.search import find_people
from wagtail_personalize.segments.viewer import Viewer

MOST = 4


def people_found(words: str, viewer: Viewer) -> list[PersonCard]:
    """At most four cards; those whose name or texts fit come before those who have what is asked for."""
    declaration = get_declaration()
    if declaration is None or viewer.person_id is None or len(words) < 2:
        return []
    profiles = by_name(with_attributes(declaration.people(), declaration.summary_attributes))
    found: dict[Any, Any] = {profile.pk: profile for profile in find_people(profiles, words)[:MOST]}
    having = _having(words) if len(found) < MOST else None
    if having is not None:
        narrowed = declaration.profile_model._base_manager.filter(having).values("pk")
        found |= {p.pk: p for p in profiles.filter(pk__in=narrowed).exclude(pk__in=list(found))[: MOST - len(found)]}
    return [card(profile, declaration.summary_attributes) for profile in found.values()]


def _having(words: str) -> Q | None:
    """People with a value that is called like this."""
    wanted, having = fold(words), None
    for facet in facets():
        for value, label in facet.options():
            if wanted in fold(label):
                having = facet.having(value) if having is None else having | facet.having(value)
    return having
