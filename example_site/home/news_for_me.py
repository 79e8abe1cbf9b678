"""Which news stand on somebody's start page, and in which order.

What an editor recommended to one of my segments comes first, for a month; then what is meant for everybody. News
recommended to others are left out here: they stand under *All news*.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from wagtail_personalize import visible
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.audiences import recommended_audience_ids
from wagtail_personalize.targeting.models import EffectiveAudience

FRESH = timedelta(days=30)


def news_for_me(news: QuerySet, viewer: Viewer) -> QuerySet:
    """``news`` as far as the viewer may see them and is meant, each with ``for_me`` (was it recommended to me?)."""
    viewer.mark()
    fresh = news.filter(published__gte=timezone.now() - FRESH)
    mine = fresh.filter(pk__in=_recommended_to(viewer).values("page_id")).values("pk")
    to_somebody = EffectiveAudience.objects.filter(page_id=OuterRef("pk"), recommendation__isnull=False)
    return (
        visible(news, viewer)
        .annotate(for_me=Exists(mine.filter(pk=OuterRef("pk"))), to_somebody=Exists(to_somebody))
        .exclude(for_me=False, to_somebody=True)
        .select_related("picture")
        .order_by("-for_me", "-published")
    )


def mark_recommended(pages: Iterable, viewer: Viewer) -> list:
    """The pages as a list, each with ``for_me``."""
    pages = list(pages)
    keys = [page.pk for page in pages]
    mine = set(_recommended_to(viewer).filter(page_id__in=keys).values_list("page_id", flat=True))
    for page in pages:
        page.for_me = page.pk in mine
    return pages


def _recommended_to(viewer: Viewer) -> QuerySet:
    return EffectiveAudience.objects.filter(recommendation_id__in=recommended_audience_ids(viewer))
