"""The shortcuts on somebody's start page: some of what they follow, in their own order.

A shortcut whose news stands there too is a favourite.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Max

from wagtail_personalize.segments import versions
from wagtail_personalize.segments.asked_once import asked_once
from wagtail_personalize.segments.viewer import Viewer

from ..sources.finding import find_all
from ..sources.kinds import Shown
from .choosing import SUBSCRIPTIONS
from .models import Level, Shortcut, Subscription

#: More of them are no shortcuts.
MOST_SHORTCUTS = 12


class TooMany(Exception):
    """There are twelve of them already."""


class Placed(NamedTuple):
    """A shortcut as whoever has it may see it."""

    pk: int
    shown: Shown
    source_id: int
    with_news: bool


def shortcuts_of(viewer: Viewer) -> list[Placed]:
    """In order: of what the viewer follows and may see."""
    if viewer.person_id is None:
        return []
    followed = Subscription.objects.filter(person=viewer.person_id, level__gt=Level.OFF).values("source")
    rows = Shortcut.objects.filter(person=viewer.person_id, source__in=followed).select_related("source")
    rows = list(rows)
    shown = find_all(((row.source.kind, row.source.key) for row in rows), viewer)
    return [
        Placed(row.pk, shown[name], row.source_id, row.with_news)
        for row in rows
        if (name := (row.source.kind, row.source.key)) in shown
    ]


def shortcuts_on(viewer: Viewer) -> list[Placed]:
    """The same for the widgets of one page, which change none."""
    return asked_once(viewer, "shortcuts", lambda: shortcuts_of(viewer))


@transaction.atomic
def add_shortcut(person_id: Any, source_id: int) -> None:
    """Put a source last; nothing happens when it is there. Raises ``TooMany``."""
    versions.hold(SUBSCRIPTIONS)
    mine = Shortcut.objects.filter(person=person_id)
    if mine.filter(source=source_id).exists():
        return
    if mine.count() >= MOST_SHORTCUTS:
        raise TooMany
    last = mine.aggregate(last=Max("position"))["last"]
    Shortcut.objects.create(person_id=person_id, source_id=source_id, position=0 if last is None else last + 1)


def remove_shortcut(person_id: Any, source_id: int) -> None:
    Shortcut.objects.filter(person=person_id, source=source_id).delete()


def show_news(person_id: Any, shortcut_id: int, is_shown: bool) -> None:
    """Make a shortcut a favourite, or a plain shortcut again."""
    Shortcut.objects.filter(person=person_id, pk=shortcut_id).update(with_news=is_shown)


@transaction.atomic
def order_shortcuts(person_id: Any, ids: Sequence[int]) -> None:
    """Bring somebody's shortcuts into this order; those that are not named come after, as they stood."""
    versions.hold(SUBSCRIPTIONS)
    mine = list(Shortcut.objects.filter(person=person_id))
    place = {pk: number for number, pk in enumerate(dict.fromkeys(ids))}
    mine.sort(key=lambda shortcut: place.get(shortcut.pk, len(place)))
    for number, shortcut in enumerate(mine):
        shortcut.position = number
    Shortcut.objects.bulk_update(mine, ["position"])


def move_shortcut(person_id: Any, shortcut_id: int, by: int) -> None:
    """One place up (−1) or down (1)."""
    ids = list(Shortcut.objects.filter(person=person_id).values_list("pk", flat=True))
    if shortcut_id not in ids:
        return
    place = ids.index(shortcut_id)
    ids.insert(min(max(place + by, 0), len(ids) - 1), ids.pop(place))
    order_shortcuts(person_id, ids)
