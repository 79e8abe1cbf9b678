"""Writing everybody's copy of a notice: a few statements, whatever the number of people.

The people are taken in crowds, each in a transaction of its own, so that a notice for very many can be stopped and
holds nothing up. A run that was killed goes on where rows are missing: each person has one row for a notice, and what
is there already is left alone.
"""

from collections.abc import Collection, Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from wagtail_personalize.segments.refresh import ensure_today
from wagtail_personalize.setsql import delete_rows, insert_select

from . import load
from .events import Event, event_called
from .models import Mail, Notice, Notification, Preference, PreferenceDefault

#: Users whose turn it is in one statement.
AT_ONCE = 25_000
#: So few people are written at once, wherever they stand.
FEW = 500

_COLUMNS = ["person", "notice", "in_app", "mail", "is_read", "is_mailed"]


def fan_out(notice_id: Any, person_ids: Collection[Any] | None = None) -> int:
    """Write what is missing of a notice; returns how many rows are new. May run twice, or after one that was killed.

    ``person_ids`` are the only ones who may be missing, if that is known.
    """
    notice = Notice.objects.filter(pk=notice_id, is_complete=False, is_stopped=False).first()
    event = event_called(notice.event) if notice else None
    if notice is None or event is None:
        return 0
    ensure_today()
    people, written = to_be_told(event.people(notice), notice, event), 0
    if person_ids is not None:
        people = people.filter(pk__in=person_ids)
    copies = _Copies(notice, event)
    for crowd in _crowds(people):
        with transaction.atomic():
            if not _goes_on(notice):
                return written
            written += copies.write(crowd)
    _finish(notice, event, copies.sends_now)
    return written


def to_be_told(people: QuerySet, notice: Notice, event: Event) -> QuerySet:
    """Not who did it, and of some events not who was told of the same page already."""
    if notice.by_id is not None:
        people = people.exclude(pk=notice.by_id)
    if event.gives_way and (others := _others(notice)):
        told = Notification.objects.filter(notice__in=others, person=OuterRef("pk"))
        people = people.filter(~Exists(told))
    return people


def _others(notice: Notice) -> list[int]:
    """The other notices of the same page."""
    if notice.translation_key is None:
        return []
    notices = Notice.objects.filter(translation_key=notice.translation_key).exclude(pk=notice.pk)
    return list(notices.order_by().values_list("pk", flat=True))


def _crowds(people: QuerySet) -> Iterator[QuerySet]:
    """All of these people in parts, along the keys of the users."""
    few = list(people.values_list("pk", flat=True)[: FEW + 1])
    if len(few) <= FEW:
        yield get_user_model()._base_manager.filter(pk__in=few).order_by()
        return
    keys, last = get_user_model()._base_manager.order_by("pk").values_list("pk", flat=True), None
    while True:
        rest = keys if last is None else keys.filter(pk__gt=last)
        crowd = people if last is None else people.filter(pk__gt=last)
        last = rest[AT_ONCE - 1 : AT_ONCE].first()
        if last is None:
            yield crowd
            return
        yield crowd.filter(pk__lte=last)


class _Copies:
    """Writes the copies of one notice, each as the person wants it."""

    def __init__(self, notice: Notice, event: Event) -> None:
        self.notice, self.event = notice, event
        self.own = Preference.objects.filter(event=event.name).order_by()
        self.defaults = PreferenceDefault.objects.filter(event=event.name)
        mails = set(self.own.values_list("mail", flat=True).distinct())
        by_default = set(self.defaults.order_by().values_list("mail", flat=True).distinct())
        self.has_own, self.has_defaults = bool(mails), bool(by_default)
        #: Whether anybody may get a mail at once.
        self.sends_now = Mail.NOW in {event.mail, *mails, *by_default}

    def write(self, people: QuerySet) -> int:
        written = self._chosen(people) if self.has_own else 0
        written += self._by_default(people)
        if self.has_defaults:
            nothing = Notification.objects.filter(notice=self.notice, in_app=False, mail=Mail.NONE)
            written -= delete_rows(nothing)
        return written

    def _chosen(self, people: QuerySet) -> int:
        """Those who said how they want it; who wants it in no way gets none."""
        rows = self.own.filter(person__in=people.values("pk"))
        in_app: Any = F("in_app")
        if self.event.may_be_muted:
            rows = rows.exclude(in_app=False, mail=Mail.NONE)
        else:
            in_app = Value(True)
        return self._insert(rows, "person", in_app, F("mail"))

    def _by_default(self, people: QuerySet) -> int:
        """The others. What is written for nobody because of a default goes again at the end."""
        if self.has_own:
            people = people.filter(~Exists(self.own.filter(person=OuterRef("pk"))))
        in_app: Any = Value(self.event.in_app or not self.event.may_be_muted)
        mail: Any = Value(int(self.event.mail))
        if self.has_defaults:
            mine = self.defaults.filter(segment__memberships__person=OuterRef("pk")).order_by("position", "pk")
            mail = Coalesce(Subquery(mine.values("mail")[:1]), mail)
            if self.event.may_be_muted:
                in_app = Coalesce(Subquery(mine.values("in_app")[:1]), in_app)
        return self._insert(people, "pk", in_app, mail)

    def _insert(self, rows: QuerySet, person: str, in_app: Any, mail: Any) -> int:
        values = {"_notice": Value(self.notice.pk), "_in_app": in_app, "_mail": mail}
        values |= {"_is_read": Value(False), "_is_mailed": Value(False)}
        rows = rows.order_by().annotate(**values).values_list(person, *values)
        return insert_select(Notification, _COLUMNS, rows, ignore_conflicts=True)


def _goes_on(notice: Notice) -> bool:
    return Notice.objects.filter(pk=notice.pk, is_stopped=False).exists()


@transaction.atomic
def _finish(notice: Notice, event: Event, sends_now: bool) -> None:
    """All copies are there: now whoever wants it at once gets a mail."""
    from ..mailing.outbox import enqueue_now

    locked = Notice.objects.select_for_update().filter(pk=notice.pk, is_complete=False, is_stopped=False).first()
    if locked is None:
        return
    if event.replaces_others:
        _take_place_of_others(notice)
    if sends_now and not event.is_beyond_cap:
        load.put_into_digest(notice)
    if sends_now:
        enqueue_now(notice)
    Notice.objects.filter(pk=notice.pk).update(is_complete=True)


def _take_place_of_others(notice: Notice) -> None:
    """Who is told of a page anew need not be told the older news of it, too."""
    if ids := _others(notice):
        told = Notification.objects.filter(notice=notice).order_by().values("person")
        Notification.objects.filter(notice__in=ids, is_read=False, person__in=told).update(is_read=True)
