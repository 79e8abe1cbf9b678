"""Who follows what: what the timeline, messages and pages ask.

``source_ids_of`` and ``followers`` are querysets to be used inside other statements; each is answered from one index.
They say nothing about who may see something: that stays with the one door.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from wagtail_personalize.segments.viewer import Viewer

from ..automatic.models import Mode, SubscriptionRule
from ..sources.finding import Name, find_all
from ..sources.kinds import Shown
from .models import Level, Shortcut, Subscription


def source_ids_of(person_id: Any, least: int = Level.NORMAL) -> QuerySet:
    """The ids of the sources whose items reach a person: what they follow and what is mandatory, not what is muted."""
    return _at_least(least).filter(person=person_id).order_by().values_list("source", flat=True)


def followers(source_ids: Collection[int], least: int = Level.NORMAL) -> QuerySet:
    """The keys of the people whom any of these sources reaches, each once; ``Level.ALL``: who wants everything."""
    people = _at_least(least).filter(source__in=source_ids).order_by().values_list("person", flat=True)
    return people if len(source_ids) == 1 else people.distinct()


def number_of_followers(source_ids: Collection[int]) -> int:
    return followers(source_ids, Level.MUTED).count()


def _at_least(least: int) -> QuerySet[Subscription]:
    """Levels are listed, because an index serves a list of numbers better than what lies above one."""
    return Subscription.objects.filter(level__in=[level for level in Level if level >= max(least, Level.MUTED)])


@dataclass
class Followed:
    """A source that a person follows, as they may see it."""

    shown: Shown
    subscription: Subscription
    is_shortcut: bool = False
    #: Why, if it was not their own choice; see ``reasons``.
    reason: str = ""

    @property
    def level(self) -> int:
        return self.subscription.level


def followed_by(viewer: Viewer) -> list[Followed]:
    """Everything that ``viewer`` follows and may see, muted included; by kind and name. A fixed number of queries."""
    if viewer.person_id is None:
        return []
    rows = Subscription.objects.filter(person=viewer.person_id, level__gt=Level.OFF)
    rows = list(rows.select_related("source", "rule__segment"))
    shown = find_all(((row.source.kind, row.source.key) for row in rows), viewer)
    shortcuts = set(Shortcut.objects.filter(person=viewer.person_id).values_list("source", flat=True)) if rows else ()
    found = [
        Followed(shown[name], row, row.source_id in shortcuts)
        for row in rows
        if (name := (row.source.kind, row.source.key)) in shown
    ]
    return sorted(found, key=lambda one: (one.shown.kind.order, one.shown.label.lower(), one.shown.key))


def subscriptions_to(names: Iterable[Name], viewer: Viewer) -> dict[Name, Subscription]:
    """The viewer's subscriptions to these sources, also those that they left; one query."""
    wanted = set(names)
    if viewer.person_id is None or not wanted:
        return {}
    rows = Subscription.objects.filter(person=viewer.person_id, source__key__in={key for _kind, key in wanted})
    rows = rows.filter(source__kind__in={kind for kind, _key in wanted}).select_related("source", "rule__segment")
    return {name: row for row in rows if (name := (row.source.kind, row.source.key)) in wanted}


def suggested_to(viewer: Viewer, number: int = 12) -> list[Shown]:
    """What rules suggest to ``viewer`` who neither follows nor left it."""
    if viewer.person_id is None:
        return []
    rules = SubscriptionRule.objects.filter(mode=Mode.SUGGESTED).select_related("source").order_by("pk")
    mine = [rule.source for rule in rules if viewer.among([rule.segment_id])]
    known = Subscription.objects.filter(person=viewer.person_id, source__in=mine).exclude(own=None, level=Level.OFF)
    gone = set(known.values_list("source", flat=True)) if mine else set()
    names = dict.fromkeys((source.kind, source.key) for source in mine if source.pk not in gone)
    shown = find_all(names, viewer)
    return [shown[name] for name in names if name in shown][:number]
