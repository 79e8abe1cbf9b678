"""Wagtail's form for the password of a page: to whoever may not see the page there is no such form.

The address names a restriction and a page, both by a key that anybody can guess.
"""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from wagtail import views
from wagtail.models import PageViewRestriction

from wagtail_personalize.segments.viewer import viewer_for

from ..page_tree import page_model
from ..visibility import can_see
from ..wrapping import wrap


def attach() -> None:
    wrap(views, "authenticate_with_password", _password)


def _password(
    original: Callable[..., HttpResponse], request: HttpRequest, page_view_restriction_id: Any, page_id: Any
) -> HttpResponse:
    viewer = viewer_for(request)
    viewer.mark()  # also when there is neither: the headers must not differ
    restricted = page_model().objects.filter(view_restrictions=page_view_restriction_id)
    for page in (*restricted, *page_model().objects.filter(pk=page_id)):
        if not can_see(page, viewer):
            raise Http404(f"No {PageViewRestriction._meta.object_name} matches the given query.")
    return original(request, page_view_restriction_id, page_id)
