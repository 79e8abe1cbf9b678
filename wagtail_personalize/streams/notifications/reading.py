"""What a person is told: for the bell, the list and the mails.

All of it is about what the viewer may see *now*. A notification says only that somebody was to be told; what it is
about comes from ``shown`` of its event, which asks the one door.

What mails ask: ``waiting_for_digest(person_ids)``, ``for_mail(notices, viewer)`` and ``pages_of(notices, viewer)``.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from wagtail_personalize.segments.viewer import Viewer

from .events import Told, event_called
from .models import Mail, Notice, Notification
from .pages import opened_ids, pages_of

__all__ = ["Entry", "Part", "entry_of", "for_mail", "number_unread", "pages_of", "part", "unread", "waiting_for_digest"]

ENTRIES_PER_PART = 20
#: The bell counts no further.
MOST_COUNTED = 99
#: So many of the newest notifications are asked for, because some may be about what was closed since.
_READ_AT_ONCE = 3
#: What is older does not go into a digest any more.
DIGEST_DAYS = 10


@dataclass(frozen=True)
class Entry:
    """One notification in a list."""

    pk: int
    told: Told
    is_read: bool


@dataclass(frozen=True)
class Part:
    """Some entries in a row; ``after`` is where the next part begins, if there is one."""

    entries: list[Entry]
    after: int | None = None


def part(viewer: Viewer, after: int | None = None, number: int = ENTRIES_PER_PART) -> Part:
    """The newest first; a fixed number of queries, and one for each type of page. Nothing for visitors."""
    return _part(_in_bell(viewer), viewer, after, number)


def unread(viewer: Viewer, number: int = ENTRIES_PER_PART) -> list[Entry]:
    """The same of what is not read."""
    return _part(_in_bell(viewer).filter(is_read=False), viewer, None, number).entries


def entry_of(viewer: Viewer, pk: int) -> Entry | None:
    """One of the viewer's own, if they may see what it is about."""
    row = _in_bell(viewer).filter(pk=pk).select_related("notice").first()
    told = for_mail([row.notice], viewer) if row else {}
    return Entry(row.pk, told[row.notice_id], row.is_read) if row and row.notice_id in told else None


def number_unread(viewer: Viewer) -> int:
    """How many unread notifications there are of what ``viewer`` may see; counts up to ``MOST_COUNTED`` + 1.

    One query if there are none, else a fixed number. Nothing is unread in a preview.
    """
    return min(len(unread_notices(viewer)), MOST_COUNTED + 1)


def unread_notices(viewer: Viewer) -> list[Notice]:
    """The newest unread ones of what ``viewer`` may see, as far as they are counted; as many queries."""
    viewer.mark()
    if viewer.person_id is None or viewer.is_preview:
        return []
    rows = _in_bell(viewer).filter(is_read=False).order_by("-notice")[: MOST_COUNTED * _READ_AT_ONCE]
    notices = [row.notice for row in rows.select_related("notice")]
    seen: set[Any] = set()
    opened_ids(notices, viewer)  # the pages of all events at once
    for event, some in _by_event(notices):
        seen |= event.seen(some, viewer)
    return [notice for notice in notices if notice.pk in seen]


def waiting_for_digest(person_ids: Collection[Any]) -> dict[Any, list[Notice]]:
    """By the key of each person what their next digest may tell, the newest first; one query.

    Only what they have not read, and what never was in a mail. Who may see it, ask ``for_mail`` when it is sent.
    """
    since = timezone.now() - timedelta(days=DIGEST_DAYS)
    rows = Notification.objects.filter(
        person__in=person_ids, is_read=False, is_mailed=False, mail=Mail.DIGEST, notice__at__gte=since
    ).exclude(notice__is_stopped=True)
    waiting: dict[Any, list[Notice]] = defaultdict(list)
    for row in rows.select_related("notice").order_by("-notice"):
        waiting[row.person_id].append(row.notice)
    return dict(waiting)


def for_mail(notices: Iterable[Notice], viewer: Viewer) -> dict[Any, Told]:
    """By the id of each notice what to say of it, in the active language; what the viewer may not see is missing."""
    told: dict[Any, Told] = {}
    for event, some in _by_event(notices):
        told |= event.shown(some, viewer)
    return told


def _in_bell(viewer: Viewer) -> QuerySet[Notification]:
    if viewer.person_id is None or viewer.is_preview:
        return Notification.objects.none()
    return Notification.objects.filter(person=viewer.person_id, in_app=True)


def _part(rows: QuerySet[Notification], viewer: Viewer, after: int | None, number: int) -> Part:
    """Reads some more than are wanted, so that what was closed since leaves no holes."""
    viewer.mark()
    rows = rows if after is None else rows.filter(notice__lt=after)
    limit = number * _READ_AT_ONCE
    found = list(rows.select_related("notice").order_by("-notice")[: limit + 1])
    told = for_mail((row.notice for row in found[:limit]), viewer)
    seen = [row for row in found[:limit] if row.notice_id in told]
    shown = seen[:number]
    last = shown[-1] if len(seen) > number else found[limit - 1] if len(found) > limit else None
    entries = [Entry(row.pk, told[row.notice_id], row.is_read) for row in shown]
    return Part(entries, last.notice_id if last else None)


def _by_event(notices: Iterable[Notice]) -> Any:
    """Pairs of an event and its notices; those of an event that is not there any more are left out."""
    groups: dict[str, list[Notice]] = defaultdict(list)
    for notice in notices:
        groups[notice.event].append(notice)
    return [(event, some) for name, some in groups.items() if (event := event_called(name))]
