"""What the engine ranks, with what concerns the reader further up, and why.

A page at place *n* counts ``weight ÷ (20 + n)``; the weight of what is recommended to the reader, and of what belongs
to something that they follow, is set by ``SEARCH_WEIGHTS``. So a page that fits the words much better stays above.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wagtail_personalize.conf import get_settings
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.subscribing.reading import source_ids_of
from wagtail_personalize.streams.timeline.models import TimelineItem
from wagtail_personalize.targeting.audiences import recommended_audience_ids
from wagtail_personalize.targeting.models import EffectiveAudience

from .rows import Row

_DAMPING = 20
RECOMMENDED, FOLLOWED = "recommended", "followed"


@dataclass(frozen=True)
class Concern:
    """What of the found pages concerns the reader; the keys of pages."""

    recommended: frozenset[Any] = frozenset()
    followed: frozenset[Any] = frozenset()

    def reasons(self, pk: Any) -> list[str]:
        both = ((RECOMMENDED, self.recommended), (FOLLOWED, self.followed))
        return [reason for reason, keys in both if pk in keys]


def concern(rows: Sequence[Row], viewer: Viewer) -> Concern:
    """Two queries; none for anonymous visitors."""
    if viewer.person_id is None or not rows:
        return Concern()
    pages = [row.pk for row in rows]
    meant = EffectiveAudience.objects.filter(page__in=pages, recommendation__in=recommended_audience_ids(viewer))
    items = TimelineItem.objects.filter(page__in=pages, source__in=source_ids_of(viewer.person_id))
    return Concern(
        frozenset(meant.values_list("page_id", flat=True)), frozenset(items.values_list("page_id", flat=True))
    )


def ranked(rows: Sequence[Row], concerns: Concern) -> list[Row]:
    """The best first; what is equal stays in its order."""
    weights = get_settings().SEARCH_WEIGHTS
    scores = {row.pk: 1 / (_DAMPING + place) for place, row in enumerate(rows)}
    for row in rows:
        for reason in concerns.reasons(row.pk):
            scores[row.pk] *= weights.get(reason, 1)
    return sorted(rows, key=lambda row: -scores[row.pk])
