"""One slot for something that the reader does not follow yet, so that nobody is shut in by their own choices.

Taken from what is new for all: a topic or hashtag that brought some of the newest pages that the reader may see. Every
day another one, and never what they left or muted.
"""

from collections import Counter
from dataclasses import dataclass

from wagtail.models import Page

from wagtail_personalize.segments.days import today
from wagtail_personalize.segments.viewer import Viewer

from ..sources.colleagues import PERSON
from ..sources.finding import find_all
from ..sources.kinds import Shown
from ..sources.models import Source
from ..subscribing.models import Subscription
from .index import everything
from .models import TimelineItem
from .reading import all_news

_NEWEST, _AMONG = 20, 7


@dataclass(frozen=True)
class Slot:
    """A source, and the newest page in it."""

    shown: Shown
    page: Page


def slot_for(viewer: Viewer) -> Slot | None:
    """Nothing for visitors, and for who follows everything. A fixed number of queries."""
    if viewer.person_id is None:
        return None
    pages = {item.page.pk: item.page for item in reversed(all_news(viewer, number=_NEWEST).items)}
    known = Subscription.objects.filter(person=viewer.person_id).values("source")
    rows = TimelineItem.objects.filter(page__in=list(pages)).exclude(source__in=everything())
    rows = rows.exclude(source__in=known).exclude(source__kind=PERSON)
    rows = [
        (source, page, key)
        for source, name, page, key in rows.values_list("source", "source__key", "page_id", "key")
        if name != str(pages[page].translation_key)  # a topic is not new in itself
    ]
    often = Counter(source for source, _page, _key in rows)
    first = sorted(often, key=lambda source: (-often[source], source))[:_AMONG]
    sources = Source.objects.in_bulk(first)
    shown = find_all([(sources[pk].kind, sources[pk].key) for pk in first], viewer)
    found = [(pk, shown[name]) for pk in first if (name := (sources[pk].kind, sources[pk].key)) in shown]
    if not found:
        return None
    source, chosen = found[today().toordinal() % len(found)]
    newest = max((key, page) for one, page, key in rows if one == source)[1]
    return Slot(chosen, pages[newest])
