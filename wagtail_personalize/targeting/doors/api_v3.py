"""Wagtail's API, version 3 (Wagtail 8): what it shows to everybody.

Documents and images come to whoever may have them, the user of a token among them. A valid token lets its user see the
pages that the same user may edit, as the admin does: there Wagtail's page permissions decide, and nothing of what they
allow is taken away.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from wagtail_personalize.segments.viewer import Viewer, viewer_for

from ..audiences import audience_index
from ..collection_audiences import closed_collections
from ..visibility import visible
from ..wrapping import wrap

#: Where the collections are asked for that a request may not see; the second and third take it from the first.
_ASKING = "wagtail.api.v3.permissions", "wagtail.documents.api.v3.router", "wagtail.images.api.v3.router"


def attach() -> None:
    if find_spec("wagtail.api.v3") and find_spec("ninja"):
        from wagtail.api.v3 import auth, querysets

        wrap(querysets, "get_public_pages_queryset", _pages)
        wrap(auth.AllowAnonymous, "__call__", _anybody)
        for name in _ASKING:
            if name in sys.modules or name == _ASKING[0]:
                wrap(import_module(name), "get_restricted_collection_ids", _collections)


def _pages(original: Callable[..., QuerySet], request: HttpRequest, *args: Any) -> QuerySet:
    return visible(original(request, *args), _viewer(request))


def _anybody(original: Callable[..., Any], allow: Any, request: HttpRequest) -> Any:
    """Every public answer is marked alike: some are given without a look at the pages, and that must not show."""
    answer = original(allow, request)
    viewer = _viewer(request)
    if audience_index(viewer).needs:
        viewer.mark()
    return answer


def _collections(original: Callable[..., set[int]], request: HttpRequest) -> set[int]:
    closed = closed_collections(_viewer(request)).values_list("pk", flat=True)
    return original(request) | set(closed)


def _viewer(request: HttpRequest) -> Viewer:
    """The API itself decides who asks: nobody, whatever the session says, or the user of the token."""
    viewer = viewer_for(request)
    if getattr(viewer.user, "pk", None) != request.user.pk:
        viewer = request.viewer = Viewer.for_person(request.user)
    return viewer
