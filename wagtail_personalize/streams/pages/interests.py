"""What interests you? A short choice at the first visit, and whenever somebody wants."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from wagtail_personalize.segments.viewer import viewer_for

from ..sources.finding import find_all
from ..subscribing.choosing import choose
from ..subscribing.interests import MOST_INTERESTS, answer, interests_for
from ..subscribing.models import Level
from .missing import missing


@method_decorator(never_cache, name="dispatch")
class InterestsView(LoginRequiredMixin, TemplateView):
    """Boxes to tick. Skipping it is an answer too: nobody is asked twice."""

    template_name = "wagtail_personalize/streams/interests.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        viewer = viewer_for(self.request)
        viewer.mark()
        return super().get_context_data(interests=interests_for(viewer), **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        viewer = viewer_for(request)
        if viewer.is_preview or viewer.person_id is None:
            return missing(request)
        answer(viewer.person_id)
        if request.POST.get("do") == "skip":
            return redirect("/")
        wanted = [tuple(text.split(":", 1)) for text in request.POST.getlist("follow")[: MOST_INTERESTS * 3]]
        found = find_all((name for name in wanted if len(name) == 2), viewer)
        number = sum(choose(viewer.person_id, name, Level.NORMAL) for name in found)
        text = ngettext("You follow %(number)d thing more.", "You follow %(number)d things more.", number)
        messages.success(request, text % {"number": number} if number else _("You can choose any time."))
        return redirect("wagtail_personalize:subscriptions")
