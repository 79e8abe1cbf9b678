"""The addresses of comments. What somebody may not see answers like what does not exist.

Without scripts every form leads back to its page; htmx gets the thread or the list alone and puts it in place.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import View
from wagtail.models import Page

from wagtail_personalize.segments.viewer import viewer_for
from wagtail_personalize.streams.pages.changing import ChangingView
from wagtail_personalize.streams.pages.missing import missing

from ..open_page import open_page
from . import reading
from .address import address_of
from .context import FOLDER, comments_context, frame, number, part_context
from .door import comment_for
from .forms import ReportForm
from .mentions import offered
from .models import Comment, Opening, State
from .opening import is_owner, opening_of, set_opening
from .reporting import report
from .writing import Refused, edit, remove, write


class _Commenting(ChangingView):
    """What the views have in common; ``self.page`` is there once it was asked for."""

    page: Page

    @property
    def viewer(self) -> Any:
        return viewer_for(self.request)

    def back(self) -> str:
        """The page itself, unless the form says where it stood."""
        return super().back() if self.request.POST.get("next") else self.page.get_url() or "/"

    @property
    def next_url(self) -> str:
        return self.request.POST.get("next", "") or self.request.GET.get("next", "")

    def frame(self) -> dict[str, Any]:
        return frame(self.page, self.viewer, opening_of(self.page.translation_key), self.next_url)

    def thread(self, comment: Comment) -> HttpResponse:
        """The thread in which this comment stands, for htmx; empty when nothing of it is left."""
        pk = comment.parent_id or comment.pk
        found = reading.thread(self.page, self.viewer, pk)
        if found is None:
            return HttpResponse("")
        context = {"thread": found, "new_pk": comment.pk, **self.frame()}
        return render(self.request, f"{FOLDER}/thread.html", context)

    def typing(self, **context: Any) -> HttpResponse:
        """A page or, for htmx, a form alone, with what was typed and what is wrong with it."""
        name = "form" if self.wants_fragment else "write"
        typed = {"typed": self.request.POST.get("text", ""), "chosen": self.request.POST.getlist("mention")[:40]}
        response = render(self.request, f"{FOLDER}/{name}.html", {**self.frame(), **typed, **context})
        if "refused" in context:  # htmx puts it in place of the form, not of what a success would replace
            response["HX-Retarget"], response["HX-Reswap"] = "this", "outerHTML"
        return response


class CommentsView(_Commenting):
    """``GET``: a further part of the list, for htmx. ``POST``: a new comment, ``parent`` is what it answers."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:
        page = open_page(key, self.viewer)
        opening = opening_of(key) if page else Opening.OFF
        if page is None or opening == Opening.OFF:
            return missing(request)
        thread = number(request.GET.get("thread", ""))
        if thread is not None:
            return self._replies(page, opening, thread)
        if not self.wants_fragment:
            return redirect(page.get_url() or "/")
        before = number(request.GET.get("before", ""))
        context = part_context(page, self.viewer, opening, before, self.next_url)
        return render(request, f"{FOLDER}/threads.html", context)

    def _replies(self, page: Page, opening: Opening, thread: int) -> HttpResponse:
        after = number(self.request.GET.get("after", "")) or 0
        found = reading.thread(page, self.viewer, thread, after)
        if found is None:
            return missing(self.request)
        name = "replies" if self.wants_fragment else "rest"
        context = {"thread": found, **frame(page, self.viewer, opening, self.next_url)}
        return render(self.request, f"{FOLDER}/{name}.html", context)

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        page = open_page(key, self.viewer)
        if page is None or self.viewer.person_id is None or opening_of(key) == Opening.OFF:
            return missing(request)
        self.page, wanted = page, number(request.POST.get("parent", ""))
        parent = comment_for(wanted, self.viewer) if wanted else None
        if wanted and parent is None:
            return missing(request)
        try:
            comment = write(
                page, self.viewer, request.POST.get("text", ""), parent=parent, chosen=request.POST.getlist("mention")
            )
        except Refused as refused:
            return self.typing(refused=str(refused), parent=parent)
        if not self.wants_fragment:
            messages.success(request, _said(comment))
            return redirect(address_of(comment, page))
        if parent is not None:
            return self.thread(comment)
        context = comments_context(page, self.viewer, {}, self.next_url) | {"new_pk": comment.pk}
        return render(request, f"{FOLDER}/comments.html", context)


class CommentView(_Commenting):
    """One's own comment: ``GET`` shows it as it was typed, ``POST`` changes it, or removes it with ``do=remove``."""

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        comment = comment_for(kwargs["pk"], self.viewer) if request.user.is_authenticated else None
        page = open_page(comment.translation_key, self.viewer) if comment else None
        if request.user.is_authenticated:
            if page is None or comment.author_id is None or comment.author_id != self.viewer.person_id:
                return missing(request)
            self.page, self.comment = page, comment
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        if request.GET.get("do") == "show":
            return self.thread(self.comment)
        typed, chosen = reading.as_typed(self.comment)
        return self.typing(comment=self.comment, typed=typed, chosen=chosen)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            if request.POST.get("do") == "remove":
                remove(self.comment, self.viewer)
                said = _("Your comment was removed.")
            else:
                edit(self.comment, self.viewer, request.POST.get("text", ""), chosen=request.POST.getlist("mention"))
                said = _("Your comment was changed.")
        except Refused as refused:
            return self.typing(refused=str(refused), comment=self.comment)
        if self.wants_fragment:
            return self.thread(self.comment)
        messages.success(request, said)
        return redirect(self.back())


class ReportView(_Commenting):
    """Tell the moderators of a comment. Of one's own there is nothing to report."""

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            comment = comment_for(kwargs["pk"], self.viewer)
            page = open_page(comment.translation_key, self.viewer) if comment else None
            if page is None or self.viewer.person_id in (None, comment.author_id):
                return missing(request)
            self.page, self.comment = page, comment
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._form(ReportForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = ReportForm(request.POST)
        if not form.is_valid():
            return self._form(form)
        report(self.comment, self.viewer, **form.cleaned_data)
        messages.success(request, _("Thank you. The moderators will look at it; your name is told to nobody."))
        return redirect(address_of(self.comment, self.page))

    def _form(self, form: ReportForm) -> HttpResponse:
        context = {"form": form, "comment": self.comment, "back_url": address_of(self.comment, self.page)}
        return render(self.request, f"{FOLDER}/report.html", context | self.frame())


class OpeningView(_Commenting):
    """Close the comments of one's own page, or open them again. What editors switched off stays off."""

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        page = open_page(key, self.viewer)
        if page is None or not is_owner(page, self.viewer) or opening_of(key) == Opening.OFF:
            return missing(request)
        self.page = page
        is_closing = request.POST.get("do") == "close"
        set_opening(page, Opening.CLOSED if is_closing else Opening.OPEN, request.user)
        said = _("The comments are closed.") if is_closing else _("The comments are open again.")
        messages.success(request, said)
        return redirect(self.back())


@method_decorator(never_cache, name="dispatch")
class PeopleView(LoginRequiredMixin, View):
    """``?q=an`` answers ``{"people": [{"id", "name", "about"}]}``: whom one may mention on this page."""

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:
        viewer = viewer_for(request)
        if open_page(key, viewer) is None:
            return missing(request)
        return JsonResponse({"people": offered(request.GET.get("q", "")[:100], viewer)})


def _said(comment: Comment) -> str:
    if comment.state == State.WAITING:
        return _("Thank you. Your comment appears as soon as it is approved.")
    return _("Your comment is there.")
