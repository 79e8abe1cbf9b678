"""Redirects to a page: for whoever may not see the page there is no redirect, so its address stays unknown.

In the admin they are listed for everybody who manages redirects, also those that Wagtail makes by itself when a slug
changes. There, too, only who may see the page or works on it finds them.
"""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from wagtail_personalize.segments.middleware import keep_private
from wagtail_personalize.segments.viewer import viewer_for

from ..audiences import audience_index
from ..preview_rights import closed_to
from ..visibility import can_see
from ..wrapping import wrap
from .known import is_known


def attach() -> None:
    if apps.is_installed("wagtail.contrib.redirects"):
        from wagtail.contrib.redirects import middleware, views

        wrap(middleware, "get_redirect", _redirect)
        wrap(middleware.RedirectMiddleware, "process_response", _response)
        wrap(views.IndexView, "get_base_queryset", _listed)
        wrap(views.EditView, "get_object", _one)
        wrap(views.DeleteView, "get_object", _one)


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


def _listed(original: Callable[..., QuerySet], view: Any) -> QuerySet:
    redirects, viewer = original(view), viewer_for(view.request)
    if not audience_index(viewer).needs:
        return redirects
    return redirects.exclude(redirect_page__in=closed_to(viewer).values("pk"))


def _one(original: Callable[..., Model], view: Any, *args: Any) -> Model:
    redirect = original(view, *args)
    if redirect.redirect_page and not is_known(redirect.redirect_page, viewer_for(view.request)):
        raise Http404(f"No {type(redirect)._meta.object_name} matches the given query.")
    return redirect
