"""Wagtail's API, version 3 (Wagtail 8): what it shows to everybody.

Documents and images come to whoever may have them, the user of a token among them. A valid token lets its user see the
pages that the same user may edit, as the admin does: there Wagtail's page permissions decide, and nothing of what they
allow is taken away.
"""

import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.db.models import ForeignKey, ForeignObjectRel, ManyToManyField, Model, QuerySet
from django.http import HttpRequest, QueryDict

from wagtail_personalize.segments.context import current_viewer
from wagtail_personalize.segments.viewer import Viewer, viewer_for

from ..audiences import audience_index
from ..collection_audiences import closed_collections
from ..visibility import visible
from ..wrapping import wrap
from .api_relations import found, leads_to, tells_an_order, without_closed

#: Set on what was asked for: the code that filters by it is given no request.
_ASKED_BY = "_personalize_asked_by"

#: Where the collections are asked for that a request may not see; the second and third take it from the first.
_ASKING = "wagtail.api.v3.permissions", "wagtail.documents.api.v3.router", "wagtail.images.api.v3.router"


def attach() -> None:
    if find_spec("wagtail.api.v3") and find_spec("ninja"):
        from wagtail.api.v3 import auth, querysets
        from wagtail.api.v3.schemas import params
        from wagtail.api.v3.schemas.generators.read import read_generator

        wrap(querysets, "get_public_pages_queryset", _pages)
        wrap(auth.AllowAnonymous, "__call__", _anybody)
        wrap(auth.BearerTokenAuth, "__call__", _somebody)
        wrap(params.APIFieldFilterSchema, "filter_queryset", _filtered)
        wrap(params.OrderingSchema, "order_queryset", _ordered)
        for kind in (ForeignKey, ManyToManyField, ForeignObjectRel):
            read_generator.field_schemas[kind] = partial(_related, read_generator.field_schemas.get(kind, _keys))
        for name in _ASKING:
            if name in sys.modules or name == _ASKING[0]:
                wrap(import_module(name), "get_restricted_collection_ids", _collections)


def _pages(original: Callable[..., QuerySet], request: HttpRequest, *args: Any) -> QuerySet:
    return visible(original(request, *args), _viewer(request))


def _anybody(original: Callable[..., Any], allow: Any, request: HttpRequest) -> Any:
    """Every public answer is marked alike: some are given without a look at the pages, and that must not show."""
    answer = original(allow, request)
    viewer = _viewer(request)
    setattr(request.GET, _ASKED_BY, viewer)
    if audience_index(viewer).needs:
        viewer.mark()
    return answer


def _somebody(original: Callable[..., Any], allow: Any, request: HttpRequest) -> Any:
    token = original(allow, request)
    if token:
        setattr(request.GET, _ASKED_BY, _viewer(request))
    return token


def _filtered(original: Callable[..., QuerySet], schema: Any, queryset: QuerySet) -> QuerySet:
    viewer = _asked_by(schema.raw_params)
    schema.raw_params = without_closed(queryset.model, schema.raw_params, viewer)
    return original(schema, queryset)


def _ordered(
    original: Callable[..., QuerySet], schema: Any, queryset: QuerySet, pagination_info: Any, *args: Any, **kwargs: Any
) -> QuerySet:
    from wagtail.api.v3.errors import as_validation_error

    names = schema.order if isinstance(schema.order, list) else []
    if name := tells_an_order(queryset.model, names, current_viewer()):
        error = ValueError(f"cannot order by '{name}'")
        raise as_validation_error(error, str(error), loc=("order",)) from error
    return original(schema, queryset, pagination_info, *args, **kwargs)


def _asked_by(params: QueryDict) -> Viewer:
    return getattr(params, _ASKED_BY, None) or current_viewer()


def _keys(generator: Any, field: Any) -> tuple[Any, Any, Any]:
    """Wagtail itself has no rule for fields with many values: their keys."""
    return list[Any], [], lambda obj, context: [each.pk for each in getattr(obj, field.name).all()]


def _related(original: Callable[..., tuple], generator: Any, field: Any) -> tuple[Any, Any, Any]:
    """How a field is read that leads to other objects: without pages and files that are closed."""
    kind, default, resolve = original(generator, field)
    related = leads_to(field.model, field.name)
    if related is None:
        return kind, default, resolve

    def one(obj: Model, context: dict) -> Any:
        value = getattr(obj, field.name)
        keys = found(related._default_manager.filter(pk=value.pk), _viewer(context["request"])) if value else None
        return value if keys is not None and keys.exists() else None

    def many(obj: Model, context: dict) -> Any:
        name = field.get_accessor_name() if isinstance(field, ForeignObjectRel) else field.name
        shown = found(getattr(obj, name).all(), _viewer(context["request"]))
        return [each.pk for each in shown] if isinstance(field, ManyToManyField) else list(shown)

    if field.one_to_many or field.many_to_many:
        return kind, default, staticmethod(many)
    return kind | None, default, staticmethod(one)


def _collections(original: Callable[..., set[int]], request: HttpRequest) -> set[int]:
    closed = closed_collections(_viewer(request)).values_list("pk", flat=True)
    return original(request) | set(closed)


def _viewer(request: HttpRequest) -> Viewer:
    """The API itself decides who asks: nobody, whatever the session says, or the user of the token."""
    viewer = viewer_for(request)
    if getattr(viewer.user, "pk", None) != request.user.pk:
        viewer = request.viewer = Viewer.for_person(request.user)
    return viewer
