"""What is new in somebody's favourites: for each of them its newest pages, whatever else is new elsewhere."""

from dataclasses import dataclass
from typing import Any

from wagtail.models import Page

from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.audiences import visible_audience_ids

from ..open_pages import closed_paths
from ..sources.kinds import Shown
from ..subscribing.shortcuts import shortcuts_on
from .merging import Shut, newest_of_each
from .models import TimelineItem
from .reading import choose_languages

MOST_PAGES = 10


@dataclass(frozen=True)
class Favourite:
    """A favourite and its newest pages, the newest first."""

    shown: Shown
    pages: list[Page]


def favourites(viewer: Viewer, number: int = 3) -> list[Favourite]:
    """The favourites of ``viewer`` in their own order, each with at most so many pages that they may open.

    Each page stands once in each favourite, in the language that is shown. A fixed number of queries, and one for each
    type of page, however many favourites there are. Of a favourite page itself only what is below it is news.
    """
    viewer.mark()
    mine = [one for one in shortcuts_on(viewer) if one.with_news]
    if not mine:
        return []
    number = min(max(number, 1), MOST_PAGES)
    shut = Shut({0, *visible_audience_ids(viewer)}, closed_paths(viewer))
    # One more than are shown, because the page itself is one of its items.
    places = newest_of_each([one.source_id for one in mine], shut, number + 1)
    pages = _pages_at({place for some in places.values() for place in some}, list(places), viewer)
    return [Favourite(one.shown, _news(one.shown, places.get(one.source_id, ()), pages)[:number]) for one in mine]


def _pages_at(places: set[int], source_ids: list[int], viewer: Viewer) -> dict[int, Page]:
    """The page that is shown for each place."""
    at: dict[int, set[Any]] = {}
    rows = TimelineItem.objects.filter(key__in=places) if places else TimelineItem.objects.none()
    for key, page, source in rows.values_list("key", "page_id", "source_id"):
        if source in source_ids:
            at.setdefault(key, set()).add(page)
    return choose_languages(at, viewer, whole=False)


def _news(shown: Shown, places: Any, pages: dict[int, Page]) -> list[Page]:
    found = (pages[place] for place in places if place in pages)
    return [page for page in found if str(page.translation_key) != shown.key]
