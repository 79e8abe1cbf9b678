"""Answers requests for pages from the cache, and listens while pages are rendered."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from wagtail.views import serve

from .pages import page_request


class PersonalizedCacheMiddleware:
    """Keeps pages for all viewers who would get the same (setting ``CONTENT_CACHE``), and makes fragments possible.

    Belongs at the end of ``MIDDLEWARE``: everything before it still runs for an answer from the cache.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            asked = getattr(request, "_personalize_page_request", None)
            if asked is not None:
                asked.recorder.stop()

    def process_view(self, request: HttpRequest, view: Callable, args: Any, kwargs: Any) -> HttpResponse | None:
        """Once the address is known to be Wagtail's to answer."""
        if view is not serve and request.resolver_match.view_name != "wagtail_serve":
            return None
        asked = request._personalize_page_request = page_request(request)
        is_bare = view is serve  # what stands around the view may be a check
        return asked.early_answer() if asked and is_bare else None
