"""Redirects to a page: for whoever may not see the page there is no redirect, so its address stays unknown."""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.http import HttpRequest, HttpResponse

from wagtail_personalize.segments.middleware import keep_private
from wagtail_personalize.segments.viewer import viewer_for

from ..visibility import can_see
from ..wrapping import wrap


def attach() -> None:
    if apps.is_installed("wagtail.contrib.redirects"):
        from wagtail.contrib.redirects import middleware

        wrap(middleware, "get_redirect", _redirect)
        wrap(middleware.RedirectMiddleware, "process_response", _response)


def _redirect(original: Callable[..., Any], request: HttpRequest, path: str) -> Any:
    redirect = original(request, path)
    target = redirect and redirect.redirect_page
    return None if target and not can_see(target, viewer_for(request)) else redirect


def _response(
    original: Callable[..., HttpResponse], middleware: Any, request: HttpRequest, response: HttpResponse
) -> HttpResponse:
    """A redirect that only some people get must not be kept for all."""
    answer = original(middleware, request, response)
    return keep_private(answer, viewer_for(request)) if answer is not response else answer
