"""Writing mails that are to leave: a few statements for all people, in the transaction of their cause."""

from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import CharField, Expression, JSONField, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from wagtail_personalize.setsql import insert_select

from ..notifications.events import event_called
from ..notifications.models import Mail, Notice, Notification
from .local_time import first_chance, usual_quiet_hours, with_zone, zone_names
from .models import OutgoingMail, State

COLUMNS = ("key", "person", "notice", "notice_ids", "state", "due_at", "attempts", "error", "created_at")


def enqueue_now(notice: Notice) -> int:
    """One mail to everybody whom the notice reaches *at once*; returns how many are new.

    For after the notifications are written; may be called again at any time. Whoever is asleep or off gets theirs when
    the day begins.
    """
    from .tasks import send_soon

    with transaction.atomic():
        rows = Notification.objects.filter(notice=notice, mail=Mail.NOW, is_mailed=False)
        written = write_mails(rows.filter(is_read=False), f"notice:{notice.pk}:", "person_id", notice=notice.pk)
        if written:
            _wait_for_the_day(notice)
        rows.update(is_mailed=True)
        if written:
            transaction.on_commit(send_soon)
    return written


def write_mails(rows: QuerySet, prefix: str, person: str, *, notice: int | None = None) -> int:
    """A waiting mail for the person of each row, unless there is one with this key. ``prefix`` ends with a colon."""
    now = timezone.now()
    values: list[Expression] = [
        Concat(Value(prefix), Cast(person, CharField(max_length=40)), output_field=CharField()),
        *_same_for_all(notice, now),
    ]
    named = {f"_{number}": value for number, value in enumerate(values)}
    rows = rows.order_by().annotate(**named).values_list("_0", person, *list(named)[1:])
    return insert_select(OutgoingMail, COLUMNS, rows, ignore_conflicts=True)


def _same_for_all(notice: int | None, now: datetime) -> list[Any]:
    field = OutgoingMail._meta.get_field
    return [
        Value(notice, output_field=field("notice").target_field),
        Value([], output_field=JSONField()),
        Value(State.WAITING, output_field=field("state")),
        Value(now, output_field=field("due_at")),
        Value(0, output_field=field("attempts")),
        Value("", output_field=CharField()),
        Value(now, output_field=field("created_at")),
    ]


def _wait_for_the_day(notice: Notice) -> None:
    """Where it is night or a day off, the mails wait; own quiet hours are asked when a mail leaves."""
    if is_urgent(notice):
        return
    mails = OutgoingMail.objects.filter(notice=notice, state=State.WAITING, attempts=0)
    people = get_user_model()._default_manager.filter(pk__in=mails.values("person"))
    now, quiet = timezone.now(), usual_quiet_hours()
    for name in zone_names(people):
        due_at = first_chance(now, name, quiet)
        if due_at > now:
            there = with_zone(get_user_model()._default_manager.all()).filter(mail_zone=name)
            mails.filter(person__in=there.values("pk")).update(due_at=due_at)


def is_urgent(notice: Notice) -> bool:
    """What everybody concerned must know knows neither nights nor days off."""
    event = event_called(notice.event)
    return event is not None and event.is_beyond_cap
