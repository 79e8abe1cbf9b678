"""Marking notifications as read, and only one's own: by POST, and by opening the page that they are about."""

from collections.abc import Iterable
from typing import Any

from .models import Notice, Notification
from .reading import Entry


def mark_read(person_id: Any, entry: Entry) -> None:
    """This one, and the others about the same page, which would tell nothing new."""
    rows = Notification.objects.filter(person=person_id, is_read=False)
    key = entry.told.notice.translation_key
    same = rows.filter(notice__translation_key=key) if key else rows.filter(pk=entry.pk)
    rows.filter(pk__in=list(same.values_list("pk", flat=True))).update(is_read=True)


def mark_opened(person_id: Any, notices: Iterable[Notice]) -> None:
    """Somebody opened what these are about by its own address. One statement."""
    ids = [notice.pk for notice in notices]
    Notification.objects.filter(person=person_id, is_read=False, notice__in=ids).update(is_read=True)


def mark_all_read(person_id: Any, until: int | None = None) -> None:
    """Everything in the bell; ``until``: up to this notice, so that nothing is marked that came meanwhile."""
    rows = Notification.objects.filter(person=person_id, is_read=False, in_app=True)
    if until is not None:
        rows = rows.filter(notice__lte=until)
    rows.update(is_read=True)
