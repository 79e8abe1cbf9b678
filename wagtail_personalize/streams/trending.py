"""What is on the rise: hashtags with clearly more new pages in the last seven days than in the weeks before.

For each hashtag, (observed − expected)² ÷ expected, where *observed* is the number of pages of the last seven days and
*expected* the weekly average of the four weeks before, at least one. Counted are pages that the viewer may open, once
for all languages: at least three of them. A hashtag appears only after somebody has reviewed it. How many *people* a
hashtag moves can be told only when engagement is measured; until then pages are what counts.
"""

from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone

from wagtail_personalize.segments.viewer import Viewer

from .hashtag_stream import visible_uses
from .models import Hashtag

DAYS = 7
WEEKS_BEFORE = 4
LEAST_PAGES = 3
#: Below this, what looks like a rise is chance (χ² at the 5 % level).
LEAST_STRENGTH = 3.84


def trending(viewer: Viewer, number: int = 5) -> list[Hashtag]:
    """The hashtags on the rise, the strongest first; ``pages`` says how many new pages each has."""
    now = timezone.now()
    week, before = now - timedelta(days=DAYS), now - timedelta(days=DAYS * (1 + WEEKS_BEFORE))
    page = "page__translation_key"
    rows = visible_uses(viewer).filter(published_at__gt=before, published_at__lte=now).values("main")
    rows = rows.annotate(
        observed=Count(page, distinct=True, filter=Q(published_at__gt=week)),
        earlier=Count(page, distinct=True, filter=Q(published_at__lte=week)),
    ).filter(observed__gte=LEAST_PAGES)
    strength = {row["main"]: _strength(row["observed"], row["earlier"] / WEEKS_BEFORE) for row in rows}
    pages = {row["main"]: row["observed"] for row in rows}
    rising = [pk for pk, found in strength.items() if found >= LEAST_STRENGTH]
    found = list(Hashtag.objects.filter(pk__in=rising, reviewed=True)) if rising else []
    for hashtag in found:
        hashtag.pages = pages[hashtag.pk]
    return sorted(found, key=lambda tag: (-strength[tag.pk], -tag.pages, tag.label))[:number]


def _strength(observed: int, expected: float) -> float:
    expected = max(expected, 1)
    return (observed - expected) ** 2 / expected if observed > expected else 0
