"""The segments an editor can choose from for an audience, with their category and size."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from wagtail_personalize.people.folding import fold
from wagtail_personalize.privacy.sizes import shown_size
from wagtail_personalize.segments.admin.builder.sources import SegmentSource
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.refresh import ensure_today


class AudienceSegments(SegmentSource):
    """Segments named by UUID, as audiences store them."""

    def labels(self, values: Iterable[Any]) -> dict[str, str]:
        rows = Segment.objects.values_list("uuid", "name")
        wanted = set(map(str, values))
        return {str(uuid): name for uuid, name in rows if str(uuid) in wanted}


def matching_segments(text: str, exact: bool, limit: int = 500) -> list[dict[str, str]]:
    """The segments whose name or category contains ``text``: value, label, group and size in words."""
    ensure_today()
    return [
        {
            "value": str(segment.uuid),
            "label": segment.name,
            "group": segment.category.name if segment.category else _("Other"),
            "detail": _("needs repair") if segment.broken else shown_size(segment.count, exact),
        }
        for segment in _by_category().annotate(count=Count("memberships"))
        if fold(text) in fold(f"{segment.category or ''} {segment.name}")
    ][:limit]


def _by_category() -> QuerySet:
    return Segment.objects.select_related("category").order_by("category__order", "category__name", "name")
