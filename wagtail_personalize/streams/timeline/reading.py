"""Parts of a timeline: what the index offers, and what the one door lets through.

``personal`` is what reaches a person, ``all_news`` everything that they may see beside it. Both are read part by part:
``after`` is the place behind which the next part begins, so nothing is repeated or left out when something new comes.

What messages ask: ``personal(viewer, number=10)`` and ``Part.unseen``, ``sources_bringing(page_ids)``.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import nlargest
from typing import Any, TypeVar

from django.db.models import QuerySet
from wagtail.models import Page

from wagtail_personalize.segments.asked_once import asked_once, found_once
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.audiences import visible_audience_ids
from wagtail_personalize.targeting.languages import active_locale, note_language

from ..formats.models import Format
from ..open_pages import closed_paths, open_among, open_pages
from ..pictures import with_pictures
from ..subscribing.reading import source_ids_of
from .index import everything
from .keys import END, moment_at
from .looks import NEWS, TIMELINE, last_look
from .merging import Shut, newest
from .models import TimelineItem

ITEMS_PER_PART = 20
WHOLE = "whole pages"
Place = TypeVar("Place")


@dataclass(frozen=True)
class Item:
    """One page in a timeline, once for all languages and sources."""

    page: Page
    key: int
    #: Those of the sources asked for that bring it.
    source_ids: tuple[int, ...]
    #: Whether it is newer than the viewer's last look at this list.
    is_unseen: bool = False
    format: Format = Format.TEXT

    @property
    def moment(self) -> datetime:
        """When it was first published."""
        return self.page.first_published_at or moment_at(self.key)


@dataclass(frozen=True)
class Part:
    """Some items in a row; ``after`` is where the next part begins, if there is one."""

    items: list[Item]
    after: int | None = None

    @property
    def unseen(self) -> list[Item]:
        return [item for item in self.items if item.is_unseen]

    @property
    def newest(self) -> int:
        """The place up to which somebody has looked who has seen this part; 0 for an empty one."""
        return self.items[0].key if self.items else 0


def personal(
    viewer: Viewer,
    after: int | None = None,
    number: int = ITEMS_PER_PART,
    formats: Collection[int] = (),
    sources: QuerySet | None = None,
) -> Part:
    """What reaches ``viewer``: followed by them or mandatory, not muted. Nothing for visitors.

    ``formats`` and ``sources``, a queryset of ids, narrow it as a saved filter does.
    """
    viewer.mark()
    if viewer.person_id is None:
        return Part([])
    sources = source_ids_of(viewer.person_id) if sources is None else sources
    return _with_unseen(part_of(sources, viewer, after, number, formats), viewer, TIMELINE)


def all_news(
    viewer: Viewer, after: int | None = None, number: int = ITEMS_PER_PART, formats: Collection[int] = ()
) -> Part:
    """Everything that ``viewer`` may see, so that nobody is locked into what they follow."""
    sources = everything().values_list("pk", flat=True)
    return _with_unseen(part_of(sources, viewer, after, number, formats), viewer, NEWS)


def part_of(
    sources: QuerySet,
    viewer: Viewer,
    after: int | None = None,
    number: int = ITEMS_PER_PART,
    formats: Collection[int] = (),
) -> Part:
    """The same of any sources, a queryset of their ids. A fixed number of queries, and one for each type of page."""
    viewer.mark()
    places, source_ids = places_of(sources, viewer, after or END, number + 1, formats)
    shown = places[:number]
    items = _items(shown, source_ids, viewer)
    return Part(items, shown[-1] if len(places) > number else None)


def sources_bringing(page_ids: Collection[Any]) -> set[int]:
    """The ids of the sources of which any of these pages is an item, for ``subscribing.reading.followers``."""
    rows = TimelineItem.objects.filter(page__in=page_ids).exclude(source__in=everything())
    return set(rows.order_by().values_list("source", flat=True))


def places_of(
    sources: QuerySet, viewer: Viewer, before: int, number: int, formats: Collection[int] = ()
) -> tuple[list[int], list[int]]:
    """The places of a part, and the sources that may bring them. Each format is asked for by itself."""
    if viewer.previewer is None:
        shut = Shut({0, *visible_audience_ids(viewer)}, closed_paths(viewer))
        found = [newest(sources, shut, before, number, one) for one in sorted(formats) or [None]]
        places = {place for some, _reaching in found for place in some}
        return nlargest(number, places), list({source for _places, reaching in found for source in reaching})
    ids = list(sources)  # a preview shows less than either would see, which no audience says
    rows = TimelineItem.objects.filter(source__in=ids, key__lt=before, page__in=open_pages(viewer))
    rows = rows.filter(format__in=formats) if formats else rows
    return list(rows.order_by("-key").values_list("key", flat=True).distinct()[:number]), ids


def _items(places: list[int], source_ids: Collection[int], viewer: Viewer) -> list[Item]:
    """Each place once.

    The few rows of a place are sorted out here: asked for sources as well, MariaDB weighs each source with each place.
    """
    rows = TimelineItem.objects.filter(key__in=places) if places else TimelineItem.objects.none()
    mine = set(source_ids)
    sources: dict[Any, set[int]] = defaultdict(set)
    at: dict[int, set[Any]] = defaultdict(set)
    formats: dict[int, int] = {}
    for key, page, source, format_ in rows.values_list("key", "page_id", "source_id", "format"):
        if source not in mine:
            continue
        formats[key] = format_
        sources[page].add(source)
        at[key].add(page)
    chosen = choose_languages(at, viewer)
    with_pictures(chosen.values())
    return [
        Item(chosen[key], key, tuple(sorted(sources[chosen[key].pk])), format=Format(formats[key]))
        for key in places
        if key in chosen
    ]


def choose_languages(at: Mapping[Place, set[Any]], viewer: Viewer, whole: bool = True) -> dict[Place, Page]:
    """Of the pages at each place the one in the language that is shown, or the first that ``viewer`` may open.

    A place may be anything that stands for some pages: of the timeline, or what they have in common in all languages.
    For a mere link ``whole=False`` reads what every page has, without the fields of its own type.
    """
    pages = _opened({pk for some in at.values() for pk in some}, viewer, whole)
    found = {key: [pages[pk] for pk in some if pk in pages] for key, some in at.items()}
    active = active_locale(viewer)
    chosen = {key: min(some, key=_rank(active)) for key, some in found.items() if some}
    for page in chosen.values():
        note_language(page, active)
    return chosen


def _opened(page_ids: Collection[Any], viewer: Viewer, whole: bool) -> dict[Any, Page]:
    """Whatever the index says: only what the one door lets through. What stands in several lists is read once."""

    def find_whole(ids: list[Any]) -> dict[Any, Page]:
        return {page.pk: page for page in open_among(ids, viewer).specific()}

    def find(ids: list[Any]) -> dict[Any, Page]:
        read = {pk: page for pk in ids if (page := _read_whole(viewer).get(pk))}
        rest = [pk for pk in ids if pk not in read]
        return read | {page.pk: page for page in open_among(rest, viewer).specific(defer=True)} if rest else read

    return found_once(viewer, WHOLE if whole else "pages to link to", page_ids, find_whole if whole else find)


def _read_whole(viewer: Viewer) -> dict[Any, Page | None]:
    return asked_once(viewer, WHOLE, dict)


def _rank(active: Any) -> Any:
    return lambda page: (page.locale_id != active, page.locale_id, page.pk)


def _with_unseen(part: Part, viewer: Viewer, name: str) -> Part:
    if viewer.person_id is None or viewer.is_preview or not part.items:
        return part
    look = last_look(viewer, name)
    return Part([replace(item, is_unseen=item.key > look) for item in part.items], part.after)
