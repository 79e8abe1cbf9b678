"""One slot for something that the reader does not follow yet, so that nobody is shut in by their own choices.

Taken from what is new for all: a topic or hashtag that brought some of the newest pages that the reader may see. Every
day another one, and never what they left or muted.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from wagtail.models import Page

from wagtail_personalize.segments.days import today
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.audiences import visible_audience_ids

from ..open_pages import closed_paths
from ..sources.colleagues import PERSON
from ..sources.finding import Name, find_all
from ..sources.kinds import Shown
from ..subscribing.models import Subscription
from .index import everything
from .keys import END
from .merging import Shut, newest_of_one
from .models import TimelineItem
from .reading import choose_languages, places_of

_NEWEST, _AMONG = 20, 7


@dataclass(frozen=True)
class Slot:
    """A source, and the newest page in it."""

    shown: Shown
    page: Page


def _newest(viewer: Viewer) -> list[int]:
    all_news = everything().values_list("pk", flat=True)
    if viewer.previewer is not None:
        return places_of(all_news, viewer, END, _NEWEST)[0]
    return newest_of_one(all_news, Shut({0, *visible_audience_ids(viewer)}, closed_paths(viewer)), END, _NEWEST)


def slot_for(viewer: Viewer) -> Slot | None:
    """Nothing for visitors, and for who follows everything. A fixed number of queries."""
    if viewer.person_id is None:
        return None
    places = _newest(viewer)
    known = Subscription.objects.filter(person=viewer.person_id).values("source")
    rows = TimelineItem.objects.filter(key__in=places, audience__in={0, *visible_audience_ids(viewer)})
    rows = rows.exclude(source__in=everything()).exclude(source__in=known).exclude(source__kind=PERSON)
    columns = "source__kind", "source__key", "key", "page_id", "page__translation_key"
    pages: dict[Name, dict[int, set[Any]]] = defaultdict(lambda: defaultdict(set))
    for kind, key, place, page, family in rows.values_list(*columns):
        if key != str(family):  # a topic is not new in itself
            pages[kind, key][place].add(page)
    often = sorted(pages, key=lambda name: (-len(pages[name]), name))[:_AMONG]
    shown = find_all(often, viewer)
    found = [name for name in often if name in shown]
    if not found:
        return None
    name = found[today().toordinal() % len(found)]
    opened = choose_languages(pages[name], viewer, whole=False)
    return Slot(shown[name], opened[max(opened)]) if opened else None
