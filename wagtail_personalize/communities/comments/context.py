"""What the templates of the comments need."""

from collections.abc import Iterable
from typing import Any

from wagtail.models import Page

from wagtail_personalize.conf import get_settings
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.inheritance import Inheritance

from ..open_page import page_given
from ..people_shown import Someone, shown_people
from . import address, reading
from .models import Opening
from .opening import is_owner, opening_of

FOLDER = "wagtail_personalize/communities/comments"


def comments_context(page: Any, viewer: Viewer, query: Any, next_url: str) -> dict[str, Any]:
    """The whole section; nothing for visitors and on a page whose comments are off or that is not on the site."""
    opened = page_given(page, viewer)
    opening = opening_of(opened.translation_key) if opened else Opening.OFF
    if opened is None or opening == Opening.OFF:
        return {"comments_page": None}
    before, here = _start(opened, viewer, query)
    return {
        **part_context(opened, viewer, opening, before, next_url),
        "number": reading.number_of(opened),
        "is_first": before is None,
        "at_comment": here,
        "me": _me(viewer),
        "may_close": is_owner(opened, viewer),
        "tells_of_others": _is_restricted(opened),
    }


def part_context(page: Page, viewer: Viewer, opening: Opening, before: int | None, next_url: str) -> dict[str, Any]:
    """Some threads, and what is needed to write below them."""
    part = reading.part(page, viewer, before)
    more_url = address.before(page, part.before) if part.before else ""
    return {"part": part, "more_url": more_url, **frame(page, viewer, opening, next_url)}


def frame(page: Page, viewer: Viewer, opening: Opening, next_url: str) -> dict[str, Any]:
    """What every comment and every form needs to know of where it stands."""
    return {
        "comments_page": page,
        "is_open": opening == Opening.OPEN,
        "may_write": opening == Opening.OPEN and viewer.person_id is not None and not viewer.is_preview,
        "may_react": viewer.person_id is not None and not viewer.is_preview,
        "next_url": next_url,
        "most_letters": get_settings().COMMENT_LENGTH,
        "base_url": page.get_url() or "",
    }


def named(ids: Iterable[Any]) -> list[Any]:
    """Keys for hidden fields."""
    return [str(pk) for pk in ids]


def _start(page: Page, viewer: Viewer, query: Any) -> tuple[int | None, int | None]:
    """Before which thread the list begins, and which comment was asked for."""
    at, before = number(query.get(address.AT, "")), number(query.get(address.BEFORE, ""))
    place = reading.place_of(page, viewer, at) if at else None
    if place is None:
        return before, None
    newer = reading.newer_threads(page, viewer, place)
    return (place if newer >= reading.THREADS_PER_PART else None), at


def _me(viewer: Viewer) -> Someone | None:
    return shown_people([viewer.person_id]).get(viewer.person_id)


def _is_restricted(page: Page) -> bool:
    """Whether not everybody may open the page; the same whoever is mentioned."""
    return bool(Inheritance.load().at(page.path).access) or bool(page.get_view_restrictions())


def number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
