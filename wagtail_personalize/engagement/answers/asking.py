"""“Was this helpful?” on a page: one answer of each person in a month, with a few words if they like."""

import re
from datetime import date
from typing import Any

from django.db import transaction
from wagtail.models import Page

from wagtail_personalize.segments.days import today
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.open_pages import open_among
from wagtail_personalize.targeting.page_tree import page_model

from ..counting.contents import content_ids
from ..counting.happened import Counted, Happened
from ..counting.storing import store
from ..kinds import Kind
from .models import HelpfulText

MOST_LETTERS = 1000
#: The same for everybody and for ever, so a second answer in a month is the same event.
_TOKEN = "helpful"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def answerable(key: Any, viewer: Viewer) -> Page | None:
    """The page of this translation key, if the viewer may open it in any language."""
    pages = page_model().objects.live().filter(translation_key=key).values_list("pk", flat=True)
    return open_among(list(pages), viewer).first() if viewer.person_id is not None else None


def answer(person: Any, page: Page, is_helpful: bool, words: str = "") -> bool:
    """Count an answer and keep its words; says whether it was the first one of this person in this month.

    What was written is kept only with an answer that counts, so a page has no more texts in a month than people who
    answered. Of its day only the month is kept.
    """
    counted = Counted.page(page.translation_key)
    happened = Happened(person, counted, Kind.HELPFUL, value=int(is_helpful), token=_TOKEN)
    with transaction.atomic():
        if not store([happened]).stored:
            return False
        if text := _cleaned(words):
            content = content_ids([counted], {counted: page.title})[counted]
            HelpfulText.objects.create(content_id=content, day=_month(), helpful=is_helpful, text=text)
    return True


def _month() -> date:
    return today().replace(day=1)


def _cleaned(words: str) -> str:
    """Plain text without what could reorder or hide it; whoever shows it escapes it."""
    return _CONTROL.sub("", words).strip()[:MOST_LETTERS]
