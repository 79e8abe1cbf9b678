"""What the template of the reactions needs."""

from typing import Any

from django.urls import reverse
from wagtail.models import Page

from wagtail_personalize.segments.viewer import Viewer

from ..open_page import page_given
from .counting import Tally, tallies
from .models import CommentReaction, PageReaction

TEMPLATE = "wagtail_personalize/communities/reactions.html"


def reactions_context(page: Any, viewer: Viewer, next_url: str) -> dict[str, Any]:
    """Nothing for visitors, and on a page that is not on the site."""
    opened = page_given(page, viewer)
    return of_page(opened, viewer) | {"next_url": next_url} if opened else {"tally": None}


def of_page(page: Page, viewer: Viewer) -> dict[str, Any]:
    key = page.translation_key
    tally = tallies(PageReaction, [key], viewer)[key]
    return _of(tally, viewer, "page_reactions", "who_reacted", key) | {"is_compact": False}


def of_comment(pk: int, viewer: Viewer) -> dict[str, Any]:
    tally = tallies(CommentReaction, [pk], viewer)[pk]
    return _of(tally, viewer, "comment_reactions", "who_reacted_to_comment", pk) | {"is_compact": True}


def _of(tally: Tally, viewer: Viewer, name: str, who: str, target: Any) -> dict[str, Any]:
    return {
        "tally": tally,
        "react_url": reverse(f"wagtail_personalize:{name}", args=[target]),
        "who_url": reverse(f"wagtail_personalize:{who}", args=[target]),
        "identity": f"wp-react-{target}",
        "may_react": viewer.person_id is not None and not viewer.is_preview,
    }
