"""The page choosers of the admin: Wagtail lists every page there for everybody who may enter.

Here an editor finds what they may see as an ordinary viewer and what Wagtail's page permissions let them work on;
anything else does not exist for them. Those of documents, images and snippets are in ``file_choosers.py``.
"""

import json
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.admin.views.chooser import BrowseView, ChosenMultipleView, ExternalLinkView

from wagtail_personalize.segments.viewer import viewer_for

from ..page_tree import page_model
from ..preview_rights import closed_to
from ..wrapping import wrap


def attach() -> None:
    wrap(BrowseView, "get", _browse)
    wrap(ChosenMultipleView, "get", _chosen)
    wrap(ExternalLinkView, "post", _typed_address)


def choosable(pages: QuerySet, request: HttpRequest) -> QuerySet:
    """For Wagtail's hook: what an editor may find in a chooser."""
    return pages.exclude(pk__in=closed_to(viewer_for(request)).values("pk"))


def require_choosable(keys: list[int], request: HttpRequest) -> None:
    """Raise what Wagtail raises for a page that is missing, when one of these does not exist for the editor."""
    if choosable(page_model().objects.filter(pk__in=keys), request).count() < len(set(keys)):
        raise Http404(f"No {page_model()._meta.object_name} matches the given query.")


def _browse(
    original: Callable[..., HttpResponse], view: Any, request: HttpRequest, parent_page_id: int | None = None
) -> HttpResponse:
    if parent_page_id:
        require_choosable([parent_page_id], request)
    return original(view, request, parent_page_id)


def _chosen(original: Callable[..., HttpResponse], view: Any, request: HttpRequest) -> HttpResponse:
    """Which pages were chosen comes from the browser: whoever asks for others learns nothing of them."""
    asked = [pk for pk in request.GET.getlist("id") if pk.isdecimal()]
    found = choosable(page_model().objects.filter(pk__in=asked), request).values_list("pk", flat=True)
    request.GET = request.GET.copy()
    request.GET.setlist("id", [str(pk) for pk in found])
    return original(view, request)


def _typed_address(original: Callable[..., HttpResponse], view: Any, request: HttpRequest) -> HttpResponse:
    """Wagtail turns a typed address into a link to the page there; a page that is closed is not there."""
    response = original(view, request)
    answer = json.loads(response.content)
    page_id = (answer.get("internal") or answer.get("result") or {}).get("id")
    if page_id is None or _may_choose(page_id, request):
        return response
    return view.render_chosen_response(view.get_result_data())


def _may_choose(page_id: Any, request: HttpRequest) -> bool:
    return choosable(page_model().objects.filter(pk=page_id), request).exists()
