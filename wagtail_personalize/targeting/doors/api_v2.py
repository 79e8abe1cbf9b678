"""Wagtail's API, version 2: listings, details, searches and counts, and what is named by other objects.

That is pages, documents and images. Every viewset that builds on Wagtail's own querysets is guarded; the API of the
admin has its own one for pages, in which Wagtail's page permissions decide. The viewer is whoever the API has
authenticated.
"""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from wagtail.models import CollectionMember

from wagtail_personalize.segments.viewer import viewer_for

from ..page_tree import page_model
from ..visibility import can_see, visible
from ..wrapping import wrap


def attach() -> None:
    if not apps.is_installed("rest_framework"):
        return
    from wagtail.api.v2.serializers import RelatedField
    from wagtail.api.v2.views import PagesAPIViewSet

    wrap(PagesAPIViewSet, "get_base_queryset", _pages)
    wrap(RelatedField, "to_representation", _related)
    if apps.is_installed("wagtail.documents"):
        from wagtail.documents.api.v2.views import DocumentsAPIViewSet

        wrap(DocumentsAPIViewSet, "get_queryset", _files)
    if apps.is_installed("wagtail.images"):
        from wagtail.images.api.v2.views import ImagesAPIViewSet

        wrap(ImagesAPIViewSet, "get_queryset", _files)


def _pages(original: Callable[..., QuerySet], view: Any) -> QuerySet:
    return visible(original(view), viewer_for(view.request._request))


def _files(original: Callable[..., QuerySet], view: Any) -> QuerySet:
    return visible(original(view), viewer_for(view.request._request))


def _related(original: Callable[..., Any], field: Any, value: Any) -> Any:
    request = field.context.get("request")
    if (
        request is not None
        and isinstance(value, (page_model(), CollectionMember))
        and not can_see(value, viewer_for(request._request))
    ):
        return None
    return original(field, value)
