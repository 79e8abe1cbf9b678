"""What is recommended to the reader and not older than 30 days: beside what they follow, and as a list of its own.

*Fresh first, and what is meant for few before what is meant for many*: each attribute that the segment names (a
location, a department), up to two, counts as much as three days. Among what somebody follows at most one item in five
is recommended, and never what belongs to something that they left or muted. Which ones stand in a part of the timeline
depends on that part alone, so nothing comes twice when it goes on.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone
from wagtail.models import Page

from wagtail_personalize.segments.asked_once import asked_once
from wagtail_personalize.segments.index import segment_index
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.audiences import audience_index, recommended_audience_ids, visible_audience_ids
from wagtail_personalize.targeting.clauses import segments_in
from wagtail_personalize.targeting.models import EffectiveAudience

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


class _Candidate(NamedTuple):
    """An item that is recommended to the viewer, by which audience, and whether it belongs to what they know."""

    key: int
    page_id: Any
    format: int
    meant: int
    is_known: bool


def recommended(
    viewer: Viewer,
    number: int,
    *,
    least: int = 0,
    before: int = END,
    formats: Collection[int] = (),
    with_known: bool = True,
    whole: bool = True,
) -> list[Recommended]:
    """At most so many pages between two places, ranked. A fixed number of queries; one if there is nothing.

    Without ``with_known`` what belongs to anything that the reader follows, left or muted stays out. ``whole`` pages
    have the fields of their own types.
    """
    if viewer.person_id is None or number < 1:
        return []
    found = _candidates(viewer, least, before, formats, with_known)
    audiences = dict(_said({row.meant for row in found}, viewer)) if found else {}
    ranked = sorted({row.key: row for row in found}.values(), key=lambda row: _rank(row.key, audiences[row.meant][1]))
    return _shown(ranked[: 2 * number], found, audiences, viewer, whole)[:number]


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


def _candidates(
    viewer: Viewer, least: int, before: int, formats: Collection[int], with_known: bool
) -> list[_Candidate]:
    """The newest of those that fit. Where there are few in all, one query serves all lists of a request."""
    newest = asked_once(viewer, "recommended", lambda: _read(_rows(viewer)))
    if len(newest) < _MOST:
        return [
            row
            for row in newest
            if least <= row.key < before and (not formats or row.format in formats) and (with_known or not row.is_known)
        ]
    rows = _rows(viewer).filter(key__gte=least, key__lt=before)
    rows = rows.filter(format__in=formats) if formats else rows
    return _read(rows if with_known else rows.filter(is_known=False))


def _read(rows: QuerySet[TimelineItem]) -> list[_Candidate]:
    columns = rows.order_by("-key").values_list(*_Candidate._fields)
    return [_Candidate(*row) for row in columns[:_MOST]]


def _rows(viewer: Viewer) -> QuerySet[TimelineItem]:
    meant = EffectiveAudience.objects.filter(recommendation__in=recommended_audience_ids(viewer))
    least = key_at(timezone.now() - timedelta(days=DAYS))
    rows = TimelineItem.objects.filter(source__in=everything(), key__gte=least)
    rows = rows.filter(audience__in={0, *visible_audience_ids(viewer)}, page__in=meant.values("page"))
    stored = EffectiveAudience.objects.filter(page_id=OuterRef("page_id"))
    known = Subscription.objects.filter(person=viewer.person_id).values("source")
    return rows.annotate(
        meant=Subquery(stored.values("recommendation_id")[:1]),
        is_known=Exists(TimelineItem.objects.filter(page=OuterRef("page"), source__in=known)),
    )


def _said(audience_ids: Collection[int], viewer: Viewer) -> Iterable[tuple[int, tuple[tuple[str, ...], int]]]:
    """For each audience: the names of the segments that bring it to the reader, and how much it says of them."""
    needs = audience_index(viewer).needs
    named = {pk: segments_in((clause[0], frozenset()) for clause in needs[pk] if clause) for pk in audience_ids}
    mine = viewer.among(frozenset().union(*named.values()))
    words = dict(Segment.objects.filter(pk__in=mine).values_list("pk", "name"))
    said = {entry.id: entry.mentions for entry in segment_index(viewer).entries if entry.id in mine}
    for pk, ids in named.items():
        names = tuple(sorted({words[one] for one in ids & words.keys()}))
        yield pk, (names, min(MOST_COUNTED, len(frozenset().union(*(said[one] for one in ids & said.keys())))))


def _rank(key: int, weight: int) -> int:
    return (timezone.now() - moment_at(key)).days - DAYS_FOR_EACH * weight


def _shown(
    ranked: list[_Candidate],
    found: list[_Candidate],
    audiences: dict[int, tuple[tuple[str, ...], int]],
    viewer: Viewer,
    whole: bool,
) -> list[Recommended]:
    """Each page once for all languages, as the one door lets it through."""
    at: dict[int, set[Any]] = {row.key: set() for row in ranked}
    for row in found:
        if row.key in at:
            at[row.key].add(row.page_id)
    pages = choose_languages(at, viewer, whole)
    return [
        Recommended(
            Item(pages[row.key], row.key, (), format=Format(row.format)),
            audiences[row.meant][0],
            _rank(row.key, audiences[row.meant][1]),
        )
        for row in ranked
        if row.key in pages
    ]
