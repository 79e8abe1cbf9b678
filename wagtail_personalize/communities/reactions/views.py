"""Reacting to a page or a comment, and who did. What somebody may not see answers like what does not exist."""

from typing import Any
from uuid import UUID

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import View
from wagtail.models import Page

from wagtail_personalize.segments.viewer import Viewer, viewer_for
from wagtail_personalize.streams.pages.changing import ChangingView
from wagtail_personalize.streams.pages.missing import missing

from ..comments.address import address_of
from ..comments.door import comment_for
from ..comments.models import State
from ..open_page import open_page
from .choices import choices
from .context import TEMPLATE, of_comment, of_page
from .counting import who
from .models import CommentReaction, PageReaction, Reaction
from .reacting import react

#: The model, the target, the page it belongs to, and where it stands.
_Target = tuple[type[Reaction], Any, Page, str]


def _page_target(viewer: Viewer, key: UUID) -> _Target | None:
    page = open_page(key, viewer)
    return (PageReaction, key, page, page.get_url() or "/") if page else None


def _comment_target(viewer: Viewer, pk: int) -> _Target | None:
    comment = comment_for(pk, viewer)
    page = open_page(comment.translation_key, viewer) if comment and comment.state == State.VISIBLE else None
    return (CommentReaction, comment.pk, page, address_of(comment, page)) if page else None


def _target(viewer: Viewer, key: UUID | None, pk: int | None) -> _Target | None:
    return _page_target(viewer, key) if key else _comment_target(viewer, pk)


class ReactView(ChangingView):
    """``kind`` is a key of the setting ``REACTIONS``, or empty to take it back."""

    def post(self, request: HttpRequest, key: UUID | None = None, pk: int | None = None) -> HttpResponse:
        viewer = viewer_for(request)
        found = _target(viewer, key, pk)
        if found is None or viewer.person_id is None:
            return missing(request)
        model, target, page, address = found
        kind = request.POST.get("kind", "")
        if kind and kind not in {choice.kind for choice in choices()}:
            return HttpResponseBadRequest(_("There is no such reaction."))
        react(model, target, kind, page, viewer)
        if self.wants_fragment:
            context = of_page(page, viewer) if key else of_comment(target, viewer)
            return render(request, TEMPLATE, context | {"next_url": request.POST.get("next", "")})
        return redirect(self.back() if request.POST.get("next") else address)


@method_decorator(never_cache, name="dispatch")
class WhoReactedView(LoginRequiredMixin, View):
    """By name, for everybody who may see the page."""

    def get(self, request: HttpRequest, key: UUID | None = None, pk: int | None = None) -> HttpResponse:
        found = _target(viewer_for(request), key, pk)
        if found is None:
            return missing(request)
        model, target, page, address = found
        context = {"found": who(model, target), "reacted_page": page, "back_url": address, "is_comment": key is None}
        return render(request, "wagtail_personalize/communities/who_reacted.html", context)
