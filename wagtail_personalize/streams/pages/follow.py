"""Following something, stopping, and saying how much: one address for every source."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from wagtail_personalize.segments.viewer import viewer_for

from ..follow_control import TEMPLATE, control
from ..here import number_sent
from ..sources.finding import find
from ..sources.kinds import Shown
from ..subscribing.choosing import IsMandatory, choose
from ..subscribing.models import Level
from .changing import ChangingView
from .missing import missing


class FollowView(ChangingView):
    """``level`` is 0 to stop, 1 muted, 2 normal, 3 all. What one may not see answers like what does not exist."""

    def post(self, request: HttpRequest, kind: str, key: str) -> HttpResponse:
        viewer = viewer_for(request)
        shown = find(kind, key, viewer)
        if shown is None or viewer.person_id is None:
            return missing(request)
        level = request.POST.get("level", "")
        if level not in map(str, Level.values):
            return HttpResponseBadRequest(_("Choose how much you want to get."))
        try:
            choose(viewer.person_id, shown.name, int(level))
            refused = ""
        except IsMandatory:
            refused = _("“%(source)s” is mandatory for you, so you cannot leave or mute it.") % {"source": shown.label}
        if self.wants_fragment:
            next_url, which = request.POST.get("next", ""), number_sent(request)
            context = control(shown, viewer, next_url=next_url, which=which) | {"refused": refused}
            return render(request, TEMPLATE, context)
        messages.add_message(request, messages.WARNING if refused else messages.SUCCESS, refused or said(shown, level))
        return redirect(self.back())


def said(shown: Shown, level: str) -> str:
    """What was done, for those whose page was loaded again."""
    words = {
        Level.OFF: _("You do not follow “%(source)s” any more."),
        Level.MUTED: _("“%(source)s” is muted: it stays in your list, and nothing of it reaches you."),
        Level.NORMAL: _("You follow “%(source)s”."),
        Level.ALL: _("You get everything of “%(source)s”."),
    }
    return words[Level(int(level))] % {"source": shown.label}
