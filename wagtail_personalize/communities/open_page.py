"""The page that something of this room belongs to, as a viewer may open it: the one question before all others.

Comments, counts, reactions and names are for people who are signed in and may open the page in one of its languages.
For everybody else there is nothing: the answer is that of a missing page.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import get_language
from wagtail.models import Page

from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.open_pages import open_pages


def open_page(translation_key: UUID, viewer: Viewer) -> Page | None:
    """The page with this key in the active language, else in another one; ``None`` where there is none to be opened."""
    return pages_by_key([translation_key], viewer).get(translation_key)


def page_given(page: Any, viewer: Viewer) -> Page | None:
    """The same for what a template gives as a page: nothing for anything else, and for a page that is not live."""
    key = getattr(page, "translation_key", None) if getattr(page, "live", False) else None
    return open_page(key, viewer) if key else None


def pages_by_key(keys: Iterable[UUID], viewer: Viewer) -> dict[UUID, Page]:
    """The same for many. One query, and one for each viewer."""
    viewer.mark()
    if viewer.is_anonymous or not (keys := set(keys)):
        return {}
    found: dict[UUID, Page] = {}
    language = get_language()
    for page in open_pages(viewer).filter(translation_key__in=keys).select_related("locale").order_by("pk"):
        if page.translation_key not in found or page.locale.language_code == language:
            found[page.translation_key] = page
    return found


def open_keys_among(pages: Iterable[Any], viewer: Viewer) -> QuerySet:
    """The translation keys of those of some pages that the viewer may open, for use inside a statement."""
    viewer.mark()
    found = open_pages(viewer).filter(translation_key__in={page.translation_key for page in pages})
    return (found.none() if viewer.is_anonymous else found).values("translation_key")
