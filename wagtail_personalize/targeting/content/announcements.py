"""Announcements as one viewer sees them.

Which of them run, and for whom, is known from memory. Only if there is one for this viewer, one query asks which of
them the person put away and which of their links lead to a page that the viewer may see.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from wagtail_personalize.segments.viewer import Viewer

from ..page_tree import page_model
from ..visibility import visible
from .cookies import read_numbers
from .memory import content_memory
from .models import Announcement, AnnouncementDismissal
from .personal_text import PersonalText, personalized

#: The cookie in which a visitor who is not signed in keeps what they put away.
COOKIE = "personalize_put_away"


@dataclass(frozen=True)
class ShownAnnouncement:
    """One announcement, with everything that this viewer may see of it."""

    announcement: Announcement
    title: SafeString
    text: SafeString
    url: str
    link_text: str
    dismissible: bool

    @property
    def level(self) -> str:
        return self.announcement.level

    @property
    def level_label(self) -> Any:
        return self.announcement.get_level_display()


def announcements_for(viewer: Viewer, request: HttpRequest) -> list[ShownAnnouncement]:
    """Those that run now and that the viewer has not put away, urgent ones first. One query at most."""
    meant = [a for a in running(viewer) if a.is_meant_for(viewer)]
    if not meant:
        return []
    viewer.mark()
    gone = set() if viewer.is_preview else _put_away_here(viewer, request)
    meant = [a for a in meant if not (a.dismissible and a.pk in gone)]
    pages = {}
    if viewer.person_id is not None or any(a.page_id for a in meant):
        rows = _asked(meant, viewer)
        meant, pages = [a for a in meant if a.pk in rows], rows
    return [_shown(a, pages.get(a.pk), viewer, request) for a in meant]


def running(viewer: Viewer) -> list[Announcement]:
    """Those whose time it is, for whomever they are meant."""
    now = timezone.now()
    return [a for a in content_memory(viewer).announcements if a.is_running(now)]


def _put_away_here(viewer: Viewer, request: HttpRequest) -> set[int]:
    return read_numbers(request, COOKIE) if viewer.person_id is None else set()


def _asked(meant: list[Announcement], viewer: Viewer) -> dict[int, Any]:
    """The announcements that still exist and were not put away, each with its page if the viewer may see that."""
    pages = visible(page_model().objects.live().filter(pk=OuterRef("page_id")), viewer)
    put_away = AnnouncementDismissal.objects.filter(announcement=OuterRef("pk"), person=viewer.person_id)
    rows = Announcement.objects.filter(pk__in=[a.pk for a in meant]).select_related("page__locale")
    rows = rows.annotate(page_is_open=Exists(pages))
    if viewer.person_id is not None and not viewer.is_preview:
        rows = rows.exclude(Q(dismissible=True) & Exists(put_away))
    return {row.pk: row.page if row.page_is_open else None for row in rows}


def _shown(announcement: Announcement, page: Any, viewer: Viewer, request: HttpRequest) -> ShownAnnouncement:
    return ShownAnnouncement(
        announcement,
        personalized(PersonalText(announcement.title), viewer),
        personalized(PersonalText(announcement.text), viewer),
        (page.get_url(request) or "") if page else "",
        page.title if page else "",
        announcement.dismissible and not viewer.is_preview,
    )
