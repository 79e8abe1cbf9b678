"""Landing pages: where some people arrive when they open the address of the site's start page.

A hook before the start page is served. It knows from memory whether there is anything to do, and asks one query for the
pages that fit. The answer is a temporary redirect that no cache may share; nobody is led to a page that they may not
see. ``/?start`` opens the start page itself, so that nobody is locked out of it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_cache_control
from wagtail.models import Site

from wagtail_personalize.segments.viewer import Viewer, viewer_for

from ..page_tree import page_model
from ..visibility import visible
from .memory import content_memory

#: The parameter that opens the start page itself.
STAY = "start"


def lead_to_landing_page(
    page: Model, request: HttpRequest, serve_args: Sequence[Any], serve_kwargs: Mapping[str, Any]
) -> HttpResponse | None:
    """Receiver of ``before_serve_page``. Comes after the gate and before anything that may answer from a cache."""
    if request.method not in ("GET", "HEAD") or getattr(request, "is_preview", False):
        return None
    viewer = viewer_for(request)
    if not content_memory(viewer).landing_pages or not _is_start(page, request):
        return None
    viewer.mark()
    target = landing_page_for(viewer, request) if STAY not in request.GET else None
    url = target and target.pk != page.pk and target.get_url(request)
    return _redirect(url, request) if url and url != request.path else None


def landing_page_for(viewer: Viewer, request: HttpRequest) -> Model | None:
    """The first landing page that is meant for the viewer, runs, is published and may be opened."""
    entries = content_memory(viewer).landing_pages
    keys = [entry.page_id for entry in entries if entry.is_running() and entry.is_meant_for(viewer)]
    pages = visible(page_model().objects.live().filter(pk__in=keys), viewer).in_bulk() if keys else {}
    for key in dict.fromkeys(key for key in keys if key in pages):
        if all(private.accept_request(request) for private in pages[key].get_view_restrictions()):
            return pages[key]
    return None


def _is_start(page: Model, request: HttpRequest) -> bool:
    """Whether this is the address of the start page itself, in any language; not one below it."""
    site = Site.find_for_request(request)
    if site is None:
        return False
    is_root = page.pk == site.root_page_id or page.translation_key == site.root_page.translation_key
    return is_root and page.get_url(request) == request.path


def _redirect(url: str, request: HttpRequest) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponseRedirect(f"{url}?{query}" if query else url)
    patch_cache_control(response, private=True)
    return response
