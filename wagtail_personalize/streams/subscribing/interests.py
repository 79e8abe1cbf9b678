"""The first question what interests somebody: what is offered, and whether it was answered."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from wagtail_personalize.segments.viewer import Viewer

from ..sources.hashtags import HASHTAG
from ..sources.kinds import Shown, kind_called
from ..sources.pages import PAGE
from .models import InterestsAnswer, Level
from .reading import subscriptions_to, suggested_to

MOST_INTERESTS = 12


def interests_for(viewer: Viewer) -> list[Shown]:
    """At most twelve things that ``viewer`` does not follow yet: what rules suggest, then topics and hashtags."""
    found = {shown.name: shown for shown in [*suggested_to(viewer), *_popular(viewer)]}
    known = subscriptions_to(found, viewer)
    new = (shown for name, shown in found.items() if name not in known or known[name].level == Level.OFF)
    return list(islice(new, MOST_INTERESTS))


def _popular(viewer: Viewer) -> Iterator[Shown]:
    """Topics and hashtags, in turns."""
    offered = []
    for name in (PAGE, HASHTAG):
        kind = kind_called(name)
        keys = list(kind.offered(viewer)[:MOST_INTERESTS])
        shown = kind.found(keys, viewer)
        offered.append([shown[key] for key in keys if key in shown])
    for number in range(MOST_INTERESTS):
        for some in offered:
            yield from some[number : number + 1]


def answer(person_id: Any) -> None:
    """Do not ask this person again."""
    InterestsAnswer.objects.get_or_create(person_id=person_id)


def is_to_be_asked(viewer: Viewer) -> bool:
    """One query; nobody is asked in a preview."""
    if viewer.person_id is None or viewer.is_preview:
        return False
    return not InterestsAnswer.objects.filter(person=viewer.person_id).exists()
