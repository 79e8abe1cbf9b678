"""Putting what I follow on my start page, with its news or without, taking it off, and bringing it into order."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from wagtail_personalize.segments.viewer import Viewer, viewer_for

from ..here import number_sent
from ..sources.finding import find
from ..subscribing.models import Level
from ..subscribing.reading import subscriptions_to
from ..subscribing.shortcuts import (
    MOST_SHORTCUTS,
    TooMany,
    add_shortcut,
    move_shortcut,
    order_shortcuts,
    remove_shortcut,
    shortcuts_of,
    show_news,
)
from .changing import ChangingView
from .missing import missing

TEMPLATE = "wagtail_personalize/streams/includes/shortcuts_list.html"


class ShortcutsView(ChangingView):
    """``do``: ``add`` or ``remove`` (``kind``, ``key``) or ``order``; or ``move``: ``up:`` or ``down:`` and a key; or
    ``news``: ``on:`` or ``off:`` and a key.
    """

    def post(self, request: HttpRequest) -> HttpResponse:
        viewer, do = viewer_for(request), request.POST.get("do", "")
        direction, _colon, shortcut = request.POST.get("move", request.POST.get("news", "")).partition(":")
        if viewer.person_id is None:
            return missing(request)
        if do in ("add", "remove"):
            if not self._put(viewer, do):
                return missing(request)
        elif direction in ("up", "down"):
            move_shortcut(viewer.person_id, _number(shortcut), -1 if direction == "up" else 1)
        elif direction in ("on", "off"):
            show_news(viewer.person_id, _number(shortcut), direction == "on")
        elif do == "order":
            order_shortcuts(viewer.person_id, [_number(text) for text in request.POST.get("order", "").split(",")[:50]])
        if self.wants_fragment:
            context = {"shortcuts": shortcuts_of(viewer), "next_url": request.POST.get("next", "")}
            context |= {"which": number_sent(request)}
            return render(request, TEMPLATE, context)
        return redirect(self.back())

    def _put(self, viewer: Viewer, do: str) -> bool:
        """Whether there is such a source that the person follows."""
        name = self.request.POST.get("kind", ""), self.request.POST.get("key", "")
        subscription = subscriptions_to([name], viewer).get(name) if find(*name, viewer) else None
        if subscription is None or subscription.level == Level.OFF:
            return False
        if do == "remove":
            remove_shortcut(viewer.person_id, subscription.source_id)
            return True
        try:
            add_shortcut(viewer.person_id, subscription.source_id)
        except TooMany:
            text = _("You have %(number)d shortcuts already. Remove one first.")
            messages.warning(self.request, text % {"number": MOST_SHORTCUTS})
        return True


def _number(text: str) -> int:
    """A key, or one that nothing has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
