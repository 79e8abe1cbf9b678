"""The template tags of this package, as plain functions of a context; ``personalize_tags`` offers them."""

from typing import Any

from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from wagtail_personalize.segments.context import current_viewer

from ..rendering import viewer_in
from .announcements import announcements_for
from .menus import MenuItems, menu_for
from .personal_text import personalized as fill

_ANNOUNCEMENTS = "wagtail_personalize/targeting/content/announcements.html"


def personalized_menu(context: Context, name: str = "", depth: int = 1) -> MenuItems:
    """What the viewer sees of a menu: ``{% personalized_menu "main" %}``, or with ``as`` to go through it."""
    request = context.get("request")
    return menu_for(name, request, viewer_in(context), depth) if request is not None else MenuItems()


def announcements(context: Context) -> SafeString:
    """The announcements for the viewer, with a button to put each away; nothing without any."""
    request = context.get("request")
    shown = announcements_for(viewer_in(context), request) if request is not None else []
    if not shown:
        return SafeString()
    return render_to_string(_ANNOUNCEMENTS, {"announcements": shown, "back": request.get_full_path()}, request=request)


def personalized(value: Any) -> SafeString:
    """Text with its placeholders filled for whoever it is rendered for."""
    return fill("" if value is None else value, current_viewer())
