"""What the contents of a report are called, for whom they exist, and what leads to them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from wagtail_personalize.targeting.doors.choosers import choosable
from wagtail_personalize.targeting.page_tree import page_model

from ..models import Content, Figures
from .cells import Cell, text_cell
from .periods import Period

#: More than these are never listed.
MOST = 500


def known_pages(request: HttpRequest) -> QuerySet:
    """Pages that the user may see on the site, or work on: of all others not even the title is told."""
    return choosable(page_model().objects.all(), request)


def pages_called(keys: Iterable[str], request: HttpRequest) -> dict[str, Any]:
    """For each translation key one page that exists for the user, in the language of the default locale if possible."""
    found: dict[str, Any] = {}
    pages = known_pages(request).filter(translation_key__in=[key for key in keys if _is_uuid(key)])
    for pk, key, title in pages.order_by("-locale_id", "-pk").values_list("pk", "translation_key", "title"):
        found[str(key)] = (pk, title)
    return found


def _is_uuid(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def page_cell(content: Content, pages: dict[str, Any]) -> Cell:
    pk, title = pages[content.key]
    return text_cell(title, reverse("personalize_engagement:page", args=[pk]))


def most_first(kind: str, period: Period, group: int, floor: int, order: str = "viewers") -> list[int]:
    """The keys of contents of a kind that enough people of a group did something with, the most first.

    The rest is not listed: where a page stands in a list says how many people read it.
    """
    rows = Figures.objects.filter(content__type=kind, span=period.span, start=period.start, segment_id=group)
    ordered = rows.filter(**{f"{order}__gte": floor}).order_by(f"-{order}", "content_id")
    return list(ordered.values_list("content_id", flat=True)[:MOST])
