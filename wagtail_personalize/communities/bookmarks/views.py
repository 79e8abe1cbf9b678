"""*Save for later*: the button and the list."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import View

from wagtail_personalize.segments.viewer import Viewer, viewer_for
from wagtail_personalize.streams.pages.changing import ChangingView
from wagtail_personalize.streams.pages.missing import missing

from ..comments.context import number
from ..open_page import open_page, page_given
from .saving import forget, is_saved, save_for_later, saved_by

_FOLDER = "wagtail_personalize/communities"


def button_context(page: Any, viewer: Viewer, next_url: str) -> dict[str, Any]:
    """Nothing for visitors and in previews as nobody in particular."""
    opened = page_given(page, viewer)
    if opened is None or viewer.person_id is None or viewer.is_preview:
        return {"saved_page": None}
    return {"saved_page": opened, "is_saved": is_saved(opened, viewer), "next_url": next_url}


@method_decorator(never_cache, name="dispatch")
class BookmarksView(LoginRequiredMixin, View):
    """Everybody sees their own; no address names a person."""

    def get(self, request: HttpRequest) -> HttpResponse:
        viewer = viewer_for(request)
        viewer.mark()
        after = number(request.GET.get("after", ""))
        found, following = saved_by(viewer, after)
        context = {"found": found, "after": following, "is_first": after is None, "next_url": request.get_full_path()}
        return render(request, f"{_FOLDER}/bookmarks.html", context)


class BookmarkView(ChangingView):
    """``do=save`` or ``do=remove``."""

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        viewer = viewer_for(request)
        page, is_removing = open_page(key, viewer), request.POST.get("do") == "remove"
        if viewer.person_id is None or (page is None and not is_removing):
            return missing(request)
        if is_removing:
            forget(key, viewer)
        else:
            save_for_later(page, viewer)
        if self.wants_fragment and page is not None:
            context = button_context(page, viewer, request.POST.get("next", ""))
            return render(request, f"{_FOLDER}/save.html", context)
        messages.success(request, _("Taken off your list.") if is_removing else _("Saved for later."))
        return redirect(self.back())

    def back(self) -> str:
        return super().back() if self.request.POST.get("next") else reverse("wagtail_personalize:bookmarks")
