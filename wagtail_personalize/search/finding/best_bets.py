"""What editors put first for a search: Wagtail's search promotions, of which everybody gets what is for them.

A promoted page that is recommended to somebody is a best bet for them alone; so an editor sets a best bet for a segment
by recommending its page. What the viewer may not open is none.
"""

from typing import Any

from django.apps import apps
from wagtail.models import Page

from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.hashtag_stream import pages_in_order
from wagtail_personalize.streams.open_pages import open_among
from wagtail_personalize.targeting.audiences import recommended_audience_ids
from wagtail_personalize.targeting.models import EffectiveAudience

MOST = 3


def best_bets(words: str, viewer: Viewer) -> list[Page]:
    """At most three promoted pages, in the order of the editors; each with ``promotion_text``."""
    if not words or not apps.is_installed("wagtail.contrib.search_promotions"):
        return []
    from wagtail.contrib.search_promotions.models import SearchPromotion
    from wagtail.search.utils import normalise_query_string

    rows = SearchPromotion.objects.filter(query__query_string=normalise_query_string(words), page__isnull=False)
    texts: dict[Any, str] = dict(rows.order_by("sort_order").values_list("page_id", "description"))
    if not texts:
        return []
    allowed = set(open_among(list(texts), viewer).values_list("pk", flat=True)) - _meant_for_others(list(texts), viewer)
    pages = pages_in_order([key for key in texts if key in allowed][:MOST])
    for page in pages:
        page.promotion_text = texts[page.pk]
    return pages


def _meant_for_others(page_ids: list[Any], viewer: Viewer) -> set[Any]:
    rows = EffectiveAudience.objects.filter(page__in=page_ids, recommendation__isnull=False)
    return set(rows.exclude(recommendation__in=recommended_audience_ids(viewer)).values_list("page_id", flat=True))
