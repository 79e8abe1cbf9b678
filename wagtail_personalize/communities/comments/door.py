"""Who may see which comments: ``can_see(comment, viewer)`` and ``visible(Comment.objects, viewer)``.

Whoever may open the page, in one of its languages, sees the visible ones; their author also those that wait or were
hidden. On a page whose comments are switched off there are none.
"""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.open_pages import open_pages
from wagtail_personalize.targeting.visibility import register_door

from ..open_page import open_page
from .models import Comment, Opening, PageComments, State
from .opening import opening_of


def shown_to(viewer: Viewer) -> Q:
    """Which comments of a page that ``viewer`` may open they may read."""
    person_id = viewer.person_id
    own = Q(author=person_id, state__in=[State.WAITING, State.HIDDEN]) if person_id is not None else Q(pk__in=[])
    return Q(state=State.VISIBLE) | own


def _listing(comments: QuerySet, viewer: Viewer) -> QuerySet:
    viewer.mark()
    if viewer.is_anonymous:
        return comments.none()
    pages = open_pages(viewer).filter(translation_key=OuterRef("translation_key"))
    off = PageComments.objects.filter(translation_key=OuterRef("translation_key"), opening=Opening.OFF)
    return comments.filter(shown_to(viewer)).filter(Exists(pages), ~Exists(off))


def _door(comment: Comment, viewer: Viewer) -> bool:
    if comment.state == State.REMOVED or open_page(comment.translation_key, viewer) is None:
        return False
    if opening_of(comment.translation_key) == Opening.OFF:
        return False
    return comment.state == State.VISIBLE or (viewer.person_id is not None and comment.author_id == viewer.person_id)


def attach() -> None:
    """Called once when the app is ready."""
    register_door(Comment, _door, _listing)


def comment_for(pk: Any, viewer: Viewer) -> Comment | None:
    """One comment that the viewer may see."""
    return _listing(Comment.objects.filter(pk=pk), viewer).first()
