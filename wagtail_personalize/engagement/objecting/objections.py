"""Writes objections."""

import time
from typing import Any

from ..buffer.queue import queue
from ..models import Objection


def objection_of(person: Any) -> Objection | None:
    return Objection.objects.filter(person=person).first()


def set_objection(person: Any, objects: bool) -> None:
    """What was told before and is not stored yet is not counted either, whichever way somebody decides."""
    if objects:
        Objection.objects.get_or_create(person_id=person)
        return
    if Objection.objects.filter(person=person).delete()[0] and (buffer := queue()):
        buffer.resume(person, time.time())
