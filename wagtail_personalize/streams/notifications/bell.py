"""The bell in the header of a page: a link with the number of what is unread."""

from typing import Any

from wagtail_personalize.segments.viewer import Viewer

from .reading import MOST_COUNTED, number_unread


def bell(viewer: Viewer) -> dict[str, Any]:
    """What its template needs; nothing for visitors."""
    viewer.mark()
    if viewer.person_id is None:
        return {"is_person": False}
    number = number_unread(viewer)
    return {"is_person": True, "number": number, "shown": _shown(number)}


def lazy_bell(viewer: Viewer) -> dict[str, Any]:
    """The same without a number, which the browser asks for: it is the same for everybody who is signed in."""
    viewer.mark()
    return {"is_person": not viewer.is_anonymous, "is_lazy": True}


def _shown(number: int) -> str:
    return f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number)
