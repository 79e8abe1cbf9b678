"""What a person chooses: to follow, to stop, and how much.

Who may see a source is for the caller to ask (``sources.finding.find``). Everything that changes subscriptions holds
one lock, so a choice that is made while a rule is applied comes before or after it and neither is lost.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone

from wagtail_personalize import hookspecs
from wagtail_personalize.segments import versions
from wagtail_personalize.segments.activities import activity_changed

from ..sources.finding import Name, source_for
from ..sources.models import Source
from .models import Level, Shortcut, Subscription, SubscriptionChange, What, level_if_chosen

#: The lock.
SUBSCRIPTIONS = "subscriptions"

_STEPS = {Level.OFF: What.LEFT, Level.MUTED: What.MUTED, Level.NORMAL: What.WANTED_NORMAL, Level.ALL: What.WANTED_ALL}


class IsMandatory(Exception):
    """A mandatory source can neither be left nor muted."""


@transaction.atomic
def choose(person_id: Any, name: Name, level: int) -> bool:
    """Let a person follow a source at this level, 0 to stop; says whether anything changed. Raises ``IsMandatory``."""
    versions.hold(SUBSCRIPTIONS)
    source = _row_of(name, level)
    if source is None:
        return False
    before = Subscription.objects.filter(person=person_id, source=source).first()
    if before is not None and before.is_mandatory and level < Level.NORMAL:
        raise IsMandatory
    if (before is None and level == Level.OFF) or (before is not None and before.own == level):
        return False
    _write(person_id, source, before, level)
    return True


def _row_of(name: Name, level: int) -> Source | None:
    """Who stops following what nobody ever followed needs no row."""
    if level != Level.OFF:
        return source_for(name)
    return Source.objects.filter(kind=name[0], key=name[1]).first()


def _write(person_id: Any, source: Source, before: Subscription | None, level: int) -> None:
    now = timezone.now()
    was = before.level if before is not None else Level.OFF
    if before is None:
        Subscription.objects.create(person_id=person_id, source=source, own=level, level=level, since=now)
    else:
        Subscription.objects.filter(pk=before.pk).update(own=level, level=level_if_chosen(level))
    what = What.FOLLOWED if was == Level.OFF and level == Level.NORMAL else _STEPS[Level(level)]
    SubscriptionChange.objects.create(person_id=person_id, source=source, at=now, what=what)
    if level == Level.OFF:
        Shortcut.objects.filter(person=person_id, source=source).delete()
    hookspecs.subscriptions_changed.send(sender=Subscription, source_ids={source.pk}, person_ids=[person_id])
    activity_changed([person_id])
