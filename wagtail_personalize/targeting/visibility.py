"""The one door: what a viewer may see.

Whoever shows pages, links to them or lists them obtains them here. ``visible`` narrows a queryset and ``can_see``
answers for one object; they always agree. Neither looks at Wagtail's own page privacy, which goes on as before.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Case, Exists, IntegerField, Manager, Model, OuterRef, QuerySet, Value, When

from wagtail_personalize.segments.viewer import Viewer

from .audiences import audience_index, recommended_audience_ids, visible_audience_ids
from .hidden_pages import IsOpen
from .models import EffectiveAudience
from .page_tree import page_model
from .path_query import access_audiences
from .preview_rights import may_open, narrowed

Door = Callable[[Any, Viewer], bool]
Listing = Callable[[QuerySet, Viewer], QuerySet]
_doors: dict[type, Door] = {}
_listings: dict[type, Listing] = {}


def visible(queryset: QuerySet, viewer: Viewer) -> QuerySet:
    """What ``viewer`` may see of ``queryset``: pages of any type, or whatever a room registered a listing for.

    Adds no query of its own. Slice afterwards: a slice that is filtered later would come out too short.
    """
    queryset = _unsliced(queryset)
    for kind in queryset.model.__mro__:
        if kind in _listings:
            return _listings[kind](queryset, viewer)
    _refuse_others(queryset)
    _mark(viewer)
    return narrowed(queryset.filter(IsOpen.to(visible_audience_ids(viewer, queryset))), viewer)


def can_see(obj: Any, viewer: Viewer) -> bool:
    """Whether ``viewer`` may see ``obj``: a page, asked live, or whatever a room registered a door for."""
    if isinstance(obj, page_model()):
        return _can_see_page(obj, viewer)
    for kind in type(obj).__mro__:
        if kind in _doors:
            return _doors[kind](obj, viewer)
    raise TypeError(f"Nothing says who may see a {type(obj).__name__}. Register a door for it with register_door().")


def register_door(kind: type, door: Door, listing: Listing | None = None) -> None:
    """Let ``can_see`` answer for objects of ``kind``; ``door(obj, viewer)`` says whether the viewer may see one.

    With ``listing(queryset, viewer)``, which must agree with it, ``visible`` takes querysets of that kind.
    """
    _doors[kind] = door
    if listing is not None:
        _listings[kind] = listing


def has_listing(model: type[Model]) -> bool:
    """Whether ``visible`` takes querysets of ``model``, other than pages."""
    return any(kind in _listings for kind in model.__mro__)


def recommended_first(queryset: QuerySet, viewer: Viewer) -> QuerySet:
    """All pages of ``queryset``: those recommended to ``viewer`` first, otherwise in the order that they had."""
    queryset = _unsliced(queryset)
    _refuse_others(queryset)
    _mark(viewer)
    meant = EffectiveAudience.objects.filter(
        page_id=OuterRef("pk"), recommendation_id__in=recommended_audience_ids(viewer, queryset)
    )
    first = Case(When(Exists(meant), then=Value(0)), default=Value(1), output_field=IntegerField())
    had = queryset.query.order_by or (queryset.query.default_ordering and queryset.model._meta.ordering) or ()
    return queryset.order_by(first, *had)


def _can_see_page(page: Model, viewer: Viewer) -> bool:
    if page.pk is None:
        return False
    audiences = access_audiences(page.pk)
    if not audiences:
        return True
    viewer.mark()
    return visible_audience_ids(viewer, audiences).issuperset(audiences) and may_open(page, audiences, viewer)


def _refuse_others(queryset: QuerySet) -> None:
    if not issubclass(queryset.model, page_model()):
        raise TypeError(
            f"Only pages have an audience, {queryset.model.__name__} is none. Ask can_see() for one object."
        )


def _unsliced(queryset: QuerySet) -> QuerySet:
    if isinstance(queryset, Manager):
        queryset = queryset.get_queryset()
    if queryset.query.is_sliced or queryset.query.combinator:
        raise TypeError("Ask for what is visible first, then slice or combine: what is hidden must not take a place.")
    return queryset


def _mark(viewer: Viewer) -> None:
    """What was listed depends on who looks as soon as anything on the site has an audience."""
    if audience_index(viewer).needs:
        viewer.mark()
