"""What is recommended to the reader and not older than 30 days: beside what they follow, and as a list of its own.

*Fresh first, and what is meant for few before what is meant for many*: each attribute that the segment names (a
location, a department), up to two, counts as much as three days. Among what somebody follows at most one item in five
is recommended, and never what belongs to something that they left or muted. Which ones stand in a part of the timeline
depends on that part alone, so nothing comes twice when it goes on.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone
from wagtail.models import Page

from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.audiences import clauses_of, recommended_audience_ids, visible_audience_ids
from wagtail_personalize.targeting.models import Audience, EffectiveAudience

from ..formats.models import Format
from ..subscribing.models import Subscription
from .index import everything
from .keys import END, key_at, moment_at
from .models import TimelineItem
from .reading import Item, choose_languages

DAYS = 30
#: Of so many items one may be recommended.
ONE_IN = 5
#: How many days an attribute counts that the segment names, and how many attributes count.
DAYS_FOR_EACH, MOST_COUNTED = 3, 2
_MOST = 100


@dataclass(frozen=True)
class Recommended:
    """A page, and the names of the segments that the reader is in to which it is recommended."""

    item: Item
    segments: tuple[str, ...]
    #: In days; the least comes first.
    rank: int

    @property
    def page(self) -> Page:
        return self.item.page


def recommended(
    viewer: Viewer,
    number: int,
    *,
    least: int = 0,
    before: int = END,
    formats: Collection[int] = (),
    with_known: bool = True,
) -> list[Recommended]:
    """At most so many pages between two places, ranked. A fixed number of queries; one if there is nothing.

    Without ``with_known`` what belongs to anything that the reader follows, left or muted stays out.
    """
    if viewer.person_id is None or number < 1:
        return []
    rows = _rows(viewer, max(least, key_at(timezone.now() - timedelta(days=DAYS))), before)
    if formats:
        rows = rows.filter(format__in=formats)
    if not with_known:
        known = Subscription.objects.filter(person=viewer.person_id).values("source")
        rows = rows.exclude(Exists(TimelineItem.objects.filter(page=OuterRef("page"), source__in=known)))
    found = list(rows.order_by("-key").values_list("key", "page_id", "format", "meant")[:_MOST])
    audiences = dict(_said({row[3] for row in found}, viewer))
    ranked = sorted({row[0]: row for row in found}.values(), key=lambda row: _rank(row[0], audiences[row[3]][1]))
    return _shown(ranked[: 2 * number], found, audiences, viewer)[:number]


def mixed(items: Iterable[Item], extra: Iterable[Recommended]) -> Iterable[Item | Recommended]:
    """One recommended page after every four items, the best first."""
    extra = iter(extra)
    for number, item in enumerate(items, 1):
        yield item
        if number % (ONE_IN - 1) == 0 and (one := next(extra, None)):
            yield one


def room_for(items: Collection[Item]) -> int:
    """How many may stand among so many items."""
    return len(items) // (ONE_IN - 1)


def _rows(viewer: Viewer, least: int, before: int) -> QuerySet[TimelineItem]:
    meant = EffectiveAudience.objects.filter(recommendation__in=recommended_audience_ids(viewer))
    rows = TimelineItem.objects.filter(source__in=everything(), key__gte=least, key__lt=before)
    rows = rows.filter(audience__in={0, *visible_audience_ids(viewer)}, page__in=meant.values("page"))
    stored = EffectiveAudience.objects.filter(page_id=OuterRef("page_id"))
    return rows.annotate(meant=Subquery(stored.values("recommendation_id")[:1]))


def _said(audience_ids: Collection[int], viewer: Viewer) -> Iterable[tuple[int, tuple[tuple[str, ...], int]]]:
    """For each audience: the names of the segments that bring it to the reader, and how much it says of them."""
    clauses = {one.pk: clauses_of(one) for one in Audience.objects.filter(pk__in=audience_ids)} if audience_ids else {}
    uuids = {uuid for some in clauses.values() for clause in some for uuid in clause.include}
    segments = list(Segment.objects.filter(uuid__in=uuids)) if uuids else []
    mine = viewer.among([segment.pk for segment in segments])
    by_uuid = {str(segment.uuid): segment for segment in segments if segment.pk in mine}
    for pk, some in clauses.items():
        bringing = [by_uuid[str(uuid)] for clause in some for uuid in clause.include if str(uuid) in by_uuid]
        names = tuple(sorted({segment.name for segment in bringing}))
        yield pk, (names, min(MOST_COUNTED, len({name for segment in bringing for name in segment.mentions})))


def _rank(key: int, weight: int) -> int:
    return (timezone.now() - moment_at(key)).days - DAYS_FOR_EACH * weight


def _shown(
    ranked: list[Any], found: list[Any], audiences: dict[int, tuple[tuple[str, ...], int]], viewer: Viewer
) -> list[Recommended]:
    """Each page once for all languages, as the one door lets it through."""
    at: dict[int, set[Any]] = {row[0]: set() for row in ranked}
    for key, page, _format, _meant in found:
        if key in at:
            at[key].add(page)
    pages = choose_languages(at, viewer)
    return [
        Recommended(
            Item(pages[key], key, (), format=Format(number)), audiences[meant][0], _rank(key, audiences[meant][1])
        )
        for key, _page, number, meant in ranked
        if key in pages
    ]
