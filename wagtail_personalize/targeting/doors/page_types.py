"""The report of page types: Wagtail counts all pages of a type there and names the one that was edited last."""

from collections.abc import Callable
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from wagtail.admin.views.reports import page_types_usage

from wagtail_personalize.segments.context import current_viewer

from ..audiences import audience_index
from ..page_tree import page_model
from ..preview_rights import closed_to
from ..wrapping import wrap


def attach() -> None:
    wrap(page_types_usage, "_annotate_last_edit_info", _known_only)


def _known_only(original: Callable[..., QuerySet], types: QuerySet, language: Any, site_path: Any) -> QuerySet:
    """The same two columns over the pages that exist for the editor; Wagtail's own while nothing is restricted."""
    viewer = current_viewer()
    if not audience_index(viewer).needs:
        return original(types, language, site_path)
    asked = {"locale__language_code": language, "path__startswith": site_path}
    asked = {name: value for name, value in asked.items() if value}
    closed = closed_to(viewer).values("pk")
    latest = page_model().objects.filter(content_type=OuterRef("pk"), **asked).exclude(pk__in=closed)
    latest = latest.order_by(F("latest_revision_created_at").desc(nulls_last=True), "title", "-pk")
    counted = Q(**{f"pages__{name}": value for name, value in asked.items()}) & ~Q(pages__in=closed)
    return types.annotate(count=Count("pages", filter=counted), last_edited_page_id=Subquery(latest.values("pk")[:1]))
