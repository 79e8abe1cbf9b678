"""How far somebody has looked at a list: one row for each person and list, that only grows.

It is written when the page says by POST that it was looked at, never by the request that shows it. Nobody but the
person is told.
"""

from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from wagtail_personalize.segments.asked_once import asked_once
from wagtail_personalize.segments.viewer import Viewer

from .keys import key_at
from .models import LastLook

TIMELINE = "timeline"
NEWS = "news"
RECOMMENDED = "recommended"
LISTS = (TIMELINE, NEWS, RECOMMENDED)


def last_look(viewer: Viewer, name: str) -> int:
    """The place up to which this person has looked; 0 before the first time. One query for all lists."""
    rows = LastLook.objects.filter(person=viewer.person_id).values_list("name", "key")
    return asked_once(viewer, "last looks", lambda: dict(rows)).get(name, 0)


def looked(person_id: Any, name: str, key: int) -> None:
    """This person has looked at everything up to ``key``. Never goes back, nor beyond now."""
    key = min(key, key_at(timezone.now(), -1))
    LastLook.objects.bulk_create([LastLook(person_id=person_id, name=name, key=key)], ignore_conflicts=True)
    LastLook.objects.filter(person=person_id, name=name).update(key=Greatest(F("key"), Value(key)))
