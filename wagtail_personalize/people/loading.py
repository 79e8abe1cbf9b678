"""Loading profiles together with everything that their attributes need: a constant number of queries."""

from collections.abc import Iterable

from django.apps import apps
from django.db.models import Model, Prefetch, QuerySet, prefetch_related_objects

from .alphabetical import Alphabetical
from .attributes import Attribute
from .declaration import get_declaration
from .paths import hops

#: The size in which photos are shown; Wagtail makes it once for each photo.
PHOTO = "fill-320x320"


def with_attributes(profiles: QuerySet, attributes: Iterable[Attribute]) -> QuerySet:
    """``profiles`` with the user, the photo and these attributes loaded."""
    declaration = get_declaration()
    joined, fetched = {declaration.user}, set()
    for attribute in attributes:
        single, many = _relations(attribute)
        joined |= single
        fetched |= many
    profiles = profiles.select_related(*joined).prefetch_related(*sorted(fetched))
    return profiles.prefetch_related(_photos()) if has_photos() else profiles


def fill(profiles: list[Model], attributes: Iterable[Attribute]) -> None:
    """Load the many-valued ones of these attributes into profiles that are there already."""
    many = set().union(*(_relations(attribute)[1] for attribute in attributes))
    prefetch_related_objects(profiles, *sorted(many))


def by_name(profiles: QuerySet) -> QuerySet:
    """``profiles`` by last name, then first name, as in a dictionary."""
    names = [Alphabetical(attribute.path) for attribute in reversed(get_declaration().name_attributes)]
    return profiles.order_by(*names, "pk")


def has_photos() -> bool:
    """Does the declaration name photos, and is Wagtail's image app there?"""
    return bool(get_declaration().photo) and apps.is_installed("wagtail.images")


def _relations(attribute: Attribute) -> tuple[set[str], set[str]]:
    """What to join and what to fetch apart, for one path."""
    steps = [hop for hop in hops(get_declaration().profile_model, attribute.path) if hop.field.is_relation]
    if any(hop.many for hop in steps):
        return set(), {"__".join(hop.accessor for hop in steps)}
    return {"__".join(hop.field.name for hop in steps)} - {""}, set()


def _photos() -> Prefetch:
    from wagtail.images import get_image_model

    return Prefetch(get_declaration().photo, queryset=get_image_model().objects.prefetch_renditions(PHOTO))
