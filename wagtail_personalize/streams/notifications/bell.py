"""The bell in the header of a page: a link with the number of what is unread."""

from typing import Any

from django.http import HttpRequest
from wagtail.models import Page

from wagtail_personalize.segments.viewer import Viewer

from .events import event_called
from .models import Notice
from .reading import MOST_COUNTED, unread_notices
from .seeing import mark_opened

#: In these headers browsers say that nobody looks yet.
_AHEAD = ("Sec-Purpose", "Purpose", "X-Moz")


def bell(viewer: Viewer, request: HttpRequest | None = None) -> dict[str, Any]:
    """What its template needs; nothing for visitors.

    Who opens a page by its own address has read what it was notified of: the bell of that page, which has just read
    what is unread, marks it in one statement. So nothing is asked or written for who was not notified of it.
    """
    viewer.mark()
    if viewer.person_id is None:
        return {"is_person": False}
    notices, page = unread_notices(viewer), _page_opened(request)
    opened = [notice for notice in notices if page is not None and _is_about(notice, page)]
    if opened:
        mark_opened(viewer.person_id, opened)
    number = min(len(notices) - len(opened), MOST_COUNTED + 1)
    return {"is_person": True, "number": number, "shown": _shown(number)}


def _is_about(notice: Notice, page: Page) -> bool:
    event = event_called(notice.event)
    return notice.translation_key == page.translation_key and event is not None and event.is_read_with_page


def _page_opened(request: HttpRequest | None) -> Page | None:
    """The page that is being served to a reader: not one that a browser only fetches ahead, nor a preview."""
    if request is None or request.method != "GET" or getattr(request, "is_preview", False):
        return None
    if any("prefetch" in request.headers.get(name, "").lower() for name in _AHEAD):
        return None
    route = getattr(request, "_wagtail_route_for_request", None)
    return route.page if route else None


def lazy_bell(viewer: Viewer) -> dict[str, Any]:
    """The same without a number, which the browser asks for: it is the same for everybody who is signed in."""
    viewer.mark()
    return {"is_person": not viewer.is_anonymous, "is_lazy": True}


def _shown(number: int) -> str:
    return f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number)
