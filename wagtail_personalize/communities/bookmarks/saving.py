"""Saving a page for later, and what somebody saved: always one's own."""

from typing import Any

from django.utils import timezone
from wagtail.models import Page

from wagtail_personalize.hookspecs import record
from wagtail_personalize.segments.viewer import Viewer

from ..open_page import pages_by_key
from .models import Bookmark

PER_PART = 30


def save_for_later(page: Page, viewer: Viewer) -> None:
    """Put a page that the viewer may open on their list."""
    mine = {"person_id": viewer.person_id, "translation_key": page.translation_key}
    _row, is_new = Bookmark.objects.get_or_create(**mine, defaults={"at": timezone.now()})
    if is_new:
        record("bookmark", page, viewer)


def forget(translation_key: Any, viewer: Viewer) -> None:
    """Take it off; also what one may not open any more."""
    Bookmark.objects.filter(person=viewer.person_id, translation_key=translation_key).delete()


def is_saved(page: Page, viewer: Viewer) -> bool:
    return Bookmark.objects.filter(person=viewer.person_id, translation_key=page.translation_key).exists()


def saved_by(viewer: Viewer, after: int | None = None) -> tuple[list[tuple[Bookmark, Page]], int | None]:
    """The latest first, and behind which one the list goes on. What cannot be opened at present is left out."""
    rows = Bookmark.objects.filter(person=viewer.person_id).order_by("-pk")
    rows = list((rows if after is None else rows.filter(pk__lt=after))[: PER_PART + 1])
    pages = pages_by_key((row.translation_key for row in rows[:PER_PART]), viewer)
    found = [(row, pages[row.translation_key]) for row in rows[:PER_PART] if row.translation_key in pages]
    return found, rows[PER_PART - 1].pk if len(rows) > PER_PART else None
