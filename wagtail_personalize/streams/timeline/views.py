"""The pages of the timeline, and the two addresses that a reader posts to."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import View

from wagtail_personalize.segments.viewer import viewer_for

from ..pages.changing import ChangingView
from ..pages.missing import missing
from .keys import read_key
from .looks import LISTS, NEWS, TIMELINE, looked
from .must_know import have_read
from .showing import page_shown, part_shown
from .wanted import Wanted

ITEMS = "wagtail_personalize/streams/includes/timeline_items.html"


@method_decorator(never_cache, name="dispatch")
class AllNewsView(View):
    """Everything that the reader may see, the newest first.

    ``?after=`` goes on, for htmx with the items alone; ``?format=`` and, of one's own news, ``?filter=`` narrow.
    """

    name = NEWS
    template_name = "wagtail_personalize/streams/timeline.html"
    #: The page of the site in whose place this is shown, if it is one.
    page: Any = None

    def get(self, request: HttpRequest) -> HttpResponse:
        viewer = viewer_for(request)
        viewer.mark()
        after = read_key(request.GET.get("after", ""))
        wanted = Wanted.read(request.GET, viewer, with_filters=self.name == TIMELINE)
        if after is not None and request.headers.get("HX-Request") == "true":
            return render(request, ITEMS, part_shown(self.name, viewer, after, wanted=wanted) | {"is_more": True})
        context = page_shown(self.name, viewer, after, request.get_full_path(), wanted)
        own = {"page": self.page} if self.page is not None else {}
        return render(request, self.template_name, context | own)


class TimelineView(LoginRequiredMixin, AllNewsView):
    """What reaches the reader, with what they must know on top."""

    name = TIMELINE


class LookedView(ChangingView):
    """The reader has looked at ``list`` up to ``key``: what is newer is unseen from now on."""

    def post(self, request: HttpRequest) -> HttpResponse:
        viewer, name = viewer_for(request), request.POST.get("list", "")
        key = read_key(request.POST.get("key", ""))
        if viewer.person_id is None or name not in LISTS or key is None:
            return missing(request)
        looked(viewer.person_id, name, key)
        return HttpResponse(status=204) if self.wants_fragment else redirect(self.back())


class MustKnowReadView(ChangingView):
    """*I have read this.* A page that does not concern the reader answers like one that does not exist."""

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        viewer = viewer_for(request)
        if viewer.person_id is None or not have_read(viewer.person_id, pk, viewer):
            return missing(request)
        if self.wants_fragment:
            return HttpResponse("")
        messages.success(request, _("Thank you. It does not stand on top any more."))
        return redirect(self.back())
