"""Fields of an API that lead to a page or file: what is closed is not there, nor can it be asked for.

``?related=7`` with the key of something that is closed answers as if there were nothing with that key, and while
anything on the site is restricted, no listing is ordered by such a field: the order would tell. Who works on a page, or
may change a file, asks as in the admin.
"""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Model, QuerySet
from django.http import QueryDict
from wagtail.models import CollectionMember

from wagtail_personalize.segments.viewer import Viewer, viewer_for

from ..audiences import audience_index
from ..page_tree import page_model
from ..preview_rights import closed_to
from ..visibility import visible
from ..wrapping import wrap
from .file_choosers import choosable_files

#: The key of nothing.
NOTHING = "0"


def attach() -> None:
    if not apps.is_installed("rest_framework"):
        return
    from rest_framework.relations import ManyRelatedField
    from wagtail.api.v2.filters import FieldsFilter, OrderingFilter

    wrap(FieldsFilter, "filter_queryset", _filtered)
    wrap(OrderingFilter, "filter_queryset", _ordered)
    wrap(ManyRelatedField, "to_representation", _many)


def leads_to(model: type[Model], name: str) -> type[Model] | None:
    """The pages or files to which the field ``name`` of ``model`` leads, if it does."""
    try:
        related = model._meta.get_field(name).related_model
    except FieldDoesNotExist:
        return None
    return related if isinstance(related, type) and issubclass(related, (page_model(), CollectionMember)) else None


def without_closed(model: type[Model], asked: QueryDict, viewer: Viewer) -> QueryDict:
    """What was asked for, with nothing in the place of what ``viewer`` does not find."""
    named = {name: related for name in asked if (related := leads_to(model, name))}
    if not named or not audience_index(viewer).needs:
        return asked
    viewer.mark()
    asked = asked.copy()
    for name, related in named.items():
        if not _finds(related, asked[name], viewer):
            asked[name] = NOTHING
    return asked


def tells_an_order(model: type[Model], names: list[str], viewer: Viewer) -> str:
    """The first of these fields whose order would tell something about pages or files that are closed to somebody."""
    if not audience_index(viewer).needs:
        return ""
    return next((name for name in names if leads_to(model, name.lstrip("-"))), "")


def found(objects: QuerySet, viewer: Viewer) -> QuerySet:
    """Those of these pages or files that ``viewer`` may see or works on."""
    if viewer.person_id is None:
        return visible(objects, viewer)
    if issubclass(objects.model, page_model()):
        return objects.exclude(pk__in=closed_to(viewer).values("pk"))
    return choosable_files(objects, viewer)


def _finds(related: type[Model], key: str, viewer: Viewer) -> bool:
    try:
        return found(related._default_manager.filter(pk=key), viewer).exists()
    except (ValueError, ValidationError):
        return True  # no key at all: Wagtail says so


def _filtered(original: Callable[..., QuerySet], door: Any, request: Any, queryset: QuerySet, view: Any) -> QuerySet:
    plain = request._request
    plain.GET = without_closed(queryset.model, plain.GET, viewer_for(plain))
    return original(door, request, queryset, view)


def _ordered(original: Callable[..., QuerySet], door: Any, request: Any, queryset: QuerySet, view: Any) -> QuerySet:
    from wagtail.api.v2.utils import BadRequestError

    names = request.GET.get("order", "").split(",")
    if name := tells_an_order(queryset.model, names, viewer_for(request._request)):
        raise BadRequestError(f"cannot order by '{name}' (unknown field)")
    return original(door, request, queryset, view)


def _many(original: Callable[..., list], field: Any, values: Any) -> list:
    """What is closed leaves no gap: those could be counted."""
    from wagtail.api.v2.serializers import RelatedField

    shown = original(field, values)
    return [each for each in shown if each is not None] if isinstance(field.child_relation, RelatedField) else shown
