"""Who has which mail: the steps from one state to the next, each one statement that only one worker can win.

* ``claim`` gives a worker some waiting mails for a time; what it has not begun by then is anybody's again.
* ``begin`` is committed before the mail server hears of a mail. From here on nobody else touches it.
* An end (``sent``, ``later``, ``refused``, ``unclear``, ``dropped``) is written when it is known.
* ``park_lapsed`` finds what was begun and never ended: whether it was sent nobody knows, so it is never sent again by
  itself.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import connections, router, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from wagtail_personalize.conf import get_settings

from ..notifications.models import Notification
from .models import OutgoingMail, State

#: The longest pause before the next attempt.
LONGEST_PAUSE = timedelta(hours=4)
_MOST_SAID = 300


def claim(number: int) -> list[OutgoingMail]:
    """At most so many mails that are due and nobody has, for this worker alone."""
    now = timezone.now()
    until = _lease(now)
    due = _free(OutgoingMail.objects.filter(due_at__lte=now), now).order_by("due_at", "pk")
    with transaction.atomic():
        if connections[router.db_for_write(OutgoingMail)].features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        ids = list(due.values_list("pk", flat=True)[:number])
        if ids:
            _free(OutgoingMail.objects.filter(pk__in=ids), now).update(lease_until=until)
    mine = OutgoingMail.objects.filter(pk__in=ids, state=State.WAITING, lease_until=until)
    return list(mine.select_related("notice").order_by("due_at", "pk")) if ids else []


def _free(mails: QuerySet, now: datetime) -> QuerySet:
    return mails.filter(Q(lease_until=None) | Q(lease_until__lt=now), state=State.WAITING)


def _lease(now: datetime) -> datetime:
    return now + timedelta(seconds=get_settings().MAIL_LEASE_SECONDS)


def begin(mail: OutgoingMail, notice_ids: Collection[Any]) -> bool:
    """Say that it is being sent, with these notices; ``False``: somebody else has it, or told one of them already."""
    until = _lease(timezone.now())
    is_first = not mail.notice_ids and mail.notice_id is None
    with transaction.atomic(durable=True):
        if is_first and not _take_notices(mail, notice_ids):
            return False
        values = {"lease_until": until, "notice_ids": list(notice_ids), "attempts": F("attempts") + 1}
        if not _mine(mail, State.WAITING).update(state=State.SENDING, **values):
            transaction.set_rollback(True)
            return False
    mail.lease_until, mail.attempts = until, mail.attempts + 1
    return True


def _take_notices(mail: OutgoingMail, notice_ids: Collection[Any]) -> bool:
    """Each notice goes into one mail only, also when two digests of a person leave at the same time."""
    rows = Notification.objects.filter(person=mail.person_id, notice__in=notice_ids, is_mailed=False)
    if rows.update(is_mailed=True) == len(notice_ids):
        return True
    transaction.set_rollback(True)
    return False


def sent(mail: OutgoingMail) -> None:
    _end(mail, State.SENT)


def refused(mail: OutgoingMail, said: str) -> None:
    """For good."""
    _end(mail, State.FAILED, said)


def unclear(mail: OutgoingMail, said: str) -> None:
    """Nobody knows whether the server took it."""
    _end(mail, State.AMBIGUOUS, said)


def dropped(mail: OutgoingMail, reason: str) -> None:
    """There is nothing to send any more."""
    _end(mail, State.DROPPED, reason)


def later(mail: OutgoingMail, said: str, *, begun: bool) -> None:
    """The server did not take it now: again after a pause that doubles, until it was tried often enough."""
    attempts = mail.attempts if begun else mail.attempts + 1
    if attempts >= get_settings().MAIL_ATTEMPTS:
        _end(mail, State.FAILED, said, attempts=attempts)
        return
    pause = min(timedelta(minutes=2 ** min(attempts - 1, 12)), LONGEST_PAUSE)
    _wait(mail, timezone.now() + pause, error=said[:_MOST_SAID], attempts=attempts)


def postponed(mail: OutgoingMail, until: datetime) -> None:
    """The person is asleep or off."""
    _wait(mail, until)


def released(mails: Collection[OutgoingMail]) -> None:
    """Give back what was not begun."""
    for mail in mails:
        _mine(mail, State.WAITING).update(lease_until=None)


def park_lapsed() -> int:
    """Mark as unclear what a worker began and did not live to end; returns how many."""
    now = timezone.now()
    lapsed = OutgoingMail.objects.filter(state=State.SENDING, lease_until__lt=now)
    return lapsed.update(state=State.AMBIGUOUS, ended_at=now)


def _end(mail: OutgoingMail, state: State, said: str = "", **values: Any) -> None:
    values |= {"state": state, "error": said[:_MOST_SAID], "ended_at": timezone.now()}
    _mine(mail, State.WAITING, State.SENDING, State.AMBIGUOUS).update(**values)


def _wait(mail: OutgoingMail, until: datetime, **values: Any) -> None:
    values |= {"state": State.WAITING, "due_at": until, "lease_until": None, "ended_at": None}
    _mine(mail, State.WAITING, State.SENDING, State.AMBIGUOUS).update(**values)


def _mine(mail: OutgoingMail, *states: State) -> QuerySet:
    """The row, as long as it is in the hands of whoever holds ``mail``, even if the lease is over."""
    return OutgoingMail.objects.filter(pk=mail.pk, state__in=states, lease_until=mail.lease_until)
