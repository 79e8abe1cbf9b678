"""Hashtags in rich text become links where Wagtail turns stored rich text into HTML, whatever its feature set."""

from collections.abc import Callable

from django.urls import NoReverseMatch, reverse
from wagtail import rich_text
from wagtail.templatetags import wagtailcore_tags

from wagtail_personalize.conf import get_settings
from wagtail_personalize.segments.context import current_viewer
from wagtail_personalize.targeting.wrapping import wrap

from .blocked import blocked_keys
from .hashtags import Hashtag
from .hashtags_html import linked


def attach() -> None:
    for place in (rich_text, wagtailcore_tags):  # rich text blocks, and the filter ``richtext``
        wrap(place, "expand_db_html", _expanded)


def address_of(hashtag: Hashtag) -> str | None:
    """The page of a hashtag, unless it is blocked or the site has no pages of hashtags."""
    if hashtag.key in blocked_keys(current_viewer()):
        return None
    try:
        return reverse("wagtail_personalize:hashtag", args=[hashtag.key])
    except NoReverseMatch:
        return None


def _expanded(original: Callable[[str], str], html: str) -> str:
    expanded = original(html)
    return linked(expanded, address_of) if get_settings().HASHTAG_LINKS else expanded
