"""What was found and may be opened, as far as it is needed for counting: one row per page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from wagtail.models import Locale

from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.open_pages import open_among

_FIELDS = ("pk", "translation_key", "locale_id", "content_type_id", "path", "owner_id", "first_published_at")


@dataclass(frozen=True)
class Row:
    pk: Any
    translation_key: UUID
    locale_id: Any
    content_type_id: int
    path: str
    owner_id: Any
    first_published_at: datetime | None


def open_rows(keys: Sequence[Any], viewer: Viewer) -> list[Row]:
    """Those of these pages that the viewer may open, in the order of ``keys``; one query."""
    if not keys:
        return []
    place = {key: number for number, key in enumerate(keys)}
    rows = [Row(*values) for values in open_among(keys, viewer).values_list(*_FIELDS)]
    return sorted(rows, key=lambda row: place[row.pk])


def once(rows: Sequence[Row]) -> list[Row]:
    """Each page in one language: the one that is being shown if it was found, else the one that fits best."""
    if not getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        return list(rows)
    active = Locale.get_active().pk
    best: dict[UUID, Row] = {}
    for row in rows:
        known = best.setdefault(row.translation_key, row)
        if row.locale_id == active and known.locale_id != active:
            best[row.translation_key] = row
    return list(best.values())
