"""The filters that readers set for themselves: stored by POST only, one small row for each attribute."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from wagtail_personalize.people.facets import Facet, facets
from wagtail_personalize.segments.asked_once import asked_once
from wagtail_personalize.segments.viewer import Viewer

from .models import WidgetFilter

_LONGEST = WidgetFilter._meta.get_field("value").max_length


def filters_of(viewer: Viewer, widget: str) -> dict[str, str]:
    """Values by attribute. None in a preview: how somebody looks at colleagues is their own affair. Asked once."""
    if viewer.person_id is None or viewer.is_preview:
        return {}
    return asked_once(viewer, "widget filters", lambda: _filters(viewer.person_id)).get(widget, {})


def _filters(person_id: Any) -> dict[str, dict[str, str]]:
    """All of somebody's, by the name of the widget."""
    found: dict[str, dict[str, str]] = {}
    rows = WidgetFilter.objects.filter(person=person_id)
    for name, attribute, value in rows.values_list("widget", "attribute", "value"):
        found.setdefault(name, {})[attribute] = value
    return found


def narrowed(people: QuerySet, viewer: Viewer, widget: str) -> QuerySet:
    """Those of these profiles that the reader wants to see in this widget."""
    for facet, value in _facets(filters_of(viewer, widget)):
        people = facet.narrow(people, value)
    return people


def said(viewer: Viewer, widget: str) -> list[str]:
    """The filter in words, such as ``["IT", "Utrecht"]``; one query for each part."""
    return [facet.label(value) or value for facet, value in _facets(filters_of(viewer, widget))]


@transaction.atomic
def remember(person_id: Any, widget: str, values: Mapping[str, str]) -> None:
    """Make these the filters of somebody for a widget; what is not an attribute of the directory is left out."""
    WidgetFilter.objects.filter(person=person_id, widget=widget).delete()
    WidgetFilter.objects.bulk_create(
        [
            WidgetFilter(person_id=person_id, widget=widget, attribute=facet.attribute.name, value=value)
            for facet, value in _facets(values)
            if value and len(value) <= _LONGEST
        ],
        ignore_conflicts=True,
    )


def _facets(values: Mapping[str, str]) -> list[tuple[Facet, str]]:
    if not values:
        return []
    return [(facet, values[facet.attribute.name]) for facet in facets() if facet.attribute.name in values]
