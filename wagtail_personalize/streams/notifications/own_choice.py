"""What holds for one person and each event: their own choice, else the default of a segment, else that of the event."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from wagtail_personalize.segments.viewer import Viewer

from ..mailing.models import MailChoice
from .events import Event, events
from .models import Preference, PreferenceDefault


@dataclass(frozen=True)
class Holds:
    """How an event reaches somebody."""

    event: Event
    in_app: bool
    mail: int
    #: Whether the person said so.
    is_own: bool = False


def what_holds(viewer: Viewer) -> list[Holds]:
    """For every event in order; two queries."""
    own = {row.event: row for row in Preference.objects.filter(person=viewer.person_id)}
    defaults = _defaults(viewer)
    return [_holds(event, own.get(event.name), defaults.get(event.name)) for event in events()]


def _holds(event: Event, own: Preference | None, default: PreferenceDefault | None) -> Holds:
    said = own or default
    in_app, mail = (said.in_app, said.mail) if said else (event.in_app, int(event.mail))
    return Holds(event, in_app or not event.may_be_muted, mail, own is not None)


def _defaults(viewer: Viewer) -> dict[str, PreferenceDefault]:
    """The first that fits, by event."""
    mine = PreferenceDefault.objects.filter(segment__memberships__person=viewer.person_id)
    found: dict[str, PreferenceDefault] = {}
    for default in mine.order_by("position", "pk"):
        found.setdefault(default.event, default)
    return found


@transaction.atomic
def keep(person_id: Any, before: list[Holds], wanted: Mapping[str, tuple[bool, int]]) -> int:
    """Keep what differs from what holds, as the person's own choice; returns how many events that are."""
    changed = [
        (holds.event.name, wanted[holds.event.name])
        for holds in before
        if holds.event.name in wanted and wanted[holds.event.name] != (holds.in_app, holds.mail)
    ]
    for name, (in_app, mail) in changed:
        values = {"in_app": in_app, "mail": mail}
        Preference.objects.update_or_create(person_id=person_id, event=name, defaults=values)
    return len(changed)


@transaction.atomic
def reset(person_id: Any) -> None:
    """Let the defaults hold again, also for how mails come."""
    Preference.objects.filter(person=person_id).delete()
    MailChoice.objects.filter(person=person_id).delete()
