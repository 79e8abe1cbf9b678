"""Writes the index of the timeline: which live pages are items of which sources, in sets.

Written are the pages of whole families (one page in all its languages), because they share one place. ``write`` reads
what holds and stores where the index differs, so it may run twice or late. What a page inherits is copied when
targeting stores it. Everybody who writes here holds the lock of the audiences, and takes no other one after it: then a
page that is published while its section is being restricted comes before or after it.

The locks of the package are always taken in this order: memberships, hashtags, subscriptions, audiences.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, Model, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from wagtail_personalize.people.batches import batches
from wagtail_personalize.segments import versions
from wagtail_personalize.setsql import delete_rows, insert_select
from wagtail_personalize.targeting.effective import recompute
from wagtail_personalize.targeting.models import EffectiveAudience
from wagtail_personalize.targeting.page_tree import page_model, within

from ..formats.models import Format
from ..formats.page_formats import formats_of
from ..formats.page_formats import refresh as refresh_formats
from ..sources.finding import sources_of
from ..sources.kinds import kind_called
from ..sources.models import Source
from .keys import key_of_family
from .models import TimelineItem

#: The source of which every live page is an item. It belongs to no kind, so nobody can follow it.
EVERYTHING = ("everything", "all")
NOBODY = -1
FAMILIES_AT_ONCE = 500

#: The page and the source of an item.
_Place = tuple[Any, int]
#: Its key, its audience and its format.
_Said = tuple[int, int, int]


def everything() -> QuerySet[Source]:
    """The source of all news, as a queryset of at most one."""
    return Source.objects.filter(kind=EVERYTHING[0], key=EVERYTHING[1])


def write(families: Iterable[UUID]) -> int:
    """Store the items of these pages, given by their translation keys; returns how many rows were not right."""
    changed = 0
    for some in batches(sorted(set(families)), FAMILIES_AT_ONCE):
        with transaction.atomic():
            _hold()
            changed += _write(some)
    return changed


def write_pages(page_ids: Collection[Any]) -> int:
    """The same for the pages with these ids."""
    pages = page_model()._base_manager.order_by()
    return sum(
        write(pages.filter(pk__in=some).values_list("translation_key", flat=True))
        for some in batches(list(page_ids), FAMILIES_AT_ONCE)
    )


def write_below(path: str) -> None:
    """The same for a page and everything below it."""
    pages = page_model()._base_manager.filter(within([path]), live=True).order_by()
    write(list(pages.values_list("translation_key", flat=True)))


@transaction.atomic
def fill(source: Source) -> None:
    """Give a source the items that it has: those that the index knows already from elsewhere."""
    _hold()
    pages = _pages_of(source)
    if pages is None:
        return
    known = TimelineItem.objects.filter(source__in=everything(), page__in=pages)
    rows = known.order_by().values_list(Value(source.pk), "page", "key", "audience", "format")
    columns = ["source", "page", "key", "audience", "format"]
    insert_select(TimelineItem, columns, rows, ignore_conflicts=True)


@transaction.atomic
def refill(source: Source) -> None:
    """The same when it may have lost some."""
    _hold()
    pages = _pages_of(source)
    if pages is not None:
        delete_rows(TimelineItem.objects.filter(source=source).exclude(page__in=pages))
        fill(source)


@transaction.atomic
def follow_audiences(paths: Iterable[str]) -> None:
    """Copy what pages at and below ``paths`` inherit now; one statement, however many they are."""
    _hold()
    items, paths = TimelineItem.objects.order_by(), list(paths)
    if "" not in paths:
        items = items.filter(page__in=page_model()._base_manager.filter(within(paths)).order_by())
    items.exclude(audience=_audience_now()).update(audience=_audience_now())


def refresh() -> int:
    """Bring everything in line with what holds; returns how many rows were not right."""
    recompute([], fill_all=True)
    refresh_formats()
    changed = delete_rows(TimelineItem.objects.filter(~Exists(_items_pages().filter(pk=OuterRef("page_id")))))
    return changed + sum(write(keys) for keys in _all_families())


def check() -> int:
    """How many rows are not right. Changes nothing."""
    gone = TimelineItem.objects.filter(~Exists(_items_pages().filter(pk=OuterRef("page_id")))).count()
    return gone + sum(len(rows) for keys in _all_families() for rows in _differences(keys))


def _hold() -> None:
    versions.hold(versions.AUDIENCES)


def _items_pages() -> QuerySet:
    """The pages that are items at all. Who was never published by a revision has no moment to stand at."""
    return page_model()._base_manager.filter(live=True, first_published_at__isnull=False).order_by()


def _audience_now() -> Any:
    stored = EffectiveAudience.objects.filter(page_id=OuterRef("page_id"))
    return Coalesce(Subquery(stored.annotate(now=Coalesce("access_id", 0)).values("now")[:1]), Value(NOBODY))


def _all_families() -> Iterator[list[UUID]]:
    """The translation keys of all items, some at a time."""
    keys = _items_pages().order_by("translation_key").values_list("translation_key", flat=True).distinct()
    last = None
    while some := list((keys if last is None else keys.filter(translation_key__gt=last))[:FAMILIES_AT_ONCE]):
        last = some[-1]
        yield some


def _write(families: list[UUID]) -> int:
    if _items_pages().filter(translation_key__in=families).exists():
        Source.objects.get_or_create(kind=EVERYTHING[0], key=EVERYTHING[1])
    gone, new = _differences(families)
    if gone:
        delete_rows(TimelineItem.objects.filter(pk__in=gone))
    rows = [
        TimelineItem(page_id=page, source_id=source, key=said[0], audience=said[1], format=said[2])
        for page, source, said in new
    ]
    TimelineItem.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return len(gone) + len(new)


def _differences(families: list[UUID]) -> tuple[list[int], list[tuple[Any, int, _Said]]]:
    """The ids of the rows that say something wrong, and the rows that are missing."""
    wanted = _wanted(families)
    rows = TimelineItem.objects.filter(page__in=_family_ids(families))
    right: set[_Place] = set()
    gone: list[int] = []
    for pk, page, source, *said in rows.values_list("pk", "page_id", "source_id", "key", "audience", "format"):
        if wanted.get((page, source)) == tuple(said):
            right.add((page, source))
        else:
            gone.append(pk)
    return gone, [(*place, said) for place, said in wanted.items() if place not in right]


def _family_ids(families: list[UUID]) -> list[Any]:
    return list(page_model()._base_manager.filter(translation_key__in=families).order_by().values_list("pk", flat=True))


def _wanted(families: list[UUID]) -> dict[_Place, _Said]:
    pages = list(_items_pages().filter(translation_key__in=families))
    by_family: dict[UUID, list[Model]] = defaultdict(list)
    for page in pages:
        by_family[page.translation_key].append(page)
    places = {family: key_of_family(members) for family, members in by_family.items()}
    stored = EffectiveAudience.objects.filter(page__in=pages).values_list("page_id", Coalesce("access_id", 0))
    audiences, all_news = dict(stored), everything().values_list("pk", flat=True).first()
    sources, formats = sources_of(pages), formats_of(families)
    return {
        (page.pk, source): (
            places[page.translation_key],
            audiences.get(page.pk, NOBODY),
            formats.get(page.translation_key, Format.TEXT).value,
        )
        for page in pages
        for source in {*sources[page.pk], all_news} - {None}
    }


def _pages_of(source: Source) -> QuerySet | None:
    """The live pages of a source; ``None`` for a kind that is not there, or whose items are no pages."""
    kind = kind_called(source.kind)
    return kind.pages_of(source.key) if kind else None
