"""Where an answer to “Was this helpful?” goes."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from wagtail_personalize.privacy.figures import rules
from wagtail_personalize.segments.viewer import viewer_for
from wagtail_personalize.streams.pages.changing import ChangingView
from wagtail_personalize.streams.pages.missing import missing

from ..beacon.refusals import browser_objects, has_objected
from .asking import answer, answerable


class HelpfulView(ChangingView):
    """``answer`` is ``yes`` or ``no``, ``text`` may say more."""

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        viewer, given = viewer_for(request), request.POST.get("answer")
        page = answerable(key, viewer)
        if page is None or given not in ("yes", "no"):
            return missing(request)
        if not rules().is_measured:
            messages.warning(request, _("Nothing is counted at present, so your answer was not kept."))
        elif browser_objects(request) or has_objected(viewer.person_id):
            messages.warning(request, _("You are not counted, so your answer was not kept."))
        elif answer(viewer.person_id, page, given == "yes", request.POST.get("text", "")):
            messages.success(request, _("Thank you. Your answer is counted without your name."))
        else:
            messages.info(request, _("You have answered this month already. Thank you."))
        return redirect((request.POST.get("next") and self.back()) or page.get_url(request) or "/")
