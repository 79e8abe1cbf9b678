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
from wagtail_personalize.segments.rights import usable_by

from ..wording import name_with_state


class AudienceSegments(SegmentSource):
    """Segments named by UUID, as audiences store them; one that became a draft says so."""

    def labels(self, values: Iterable[Any]) -> dict[str, str]:
        rows = Segment.objects.values_list("uuid", "name", "live")
        wanted = set(map(str, values))
        return {str(uuid): name_with_state(name, live) for uuid, name, live in rows if str(uuid) in wanted}


def matching_segments(user: Any, text: str, exact: bool, limit: int = 500) -> list[dict[str, str]]:
    """What the user may choose of which name or category contains ``text``: value, label, group and size in words."""
    ensure_today()
    return [
        {
            "value": str(segment.uuid),
            "label": segment.name,
            "group": segment.category.name if segment.category else _("Other"),
            "detail": _("needs repair") if segment.broken else shown_size(segment.count, exact),
        }
        for segment in _by_category(usable_by(user)).annotate(count=Count("memberships"))
        if fold(text) in fold(f"{segment.category or ''} {segment.name}")
    ][:limit]


def _by_category(segments: QuerySet) -> QuerySet:
    return segments.select_related("category").order_by("category__order", "category__name", "name")
