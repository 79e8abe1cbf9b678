"""Writing everybody's copy of a notice: a few statements, whatever the number of people.

The people are taken in crowds, each in a transaction of its own, so that a notice for very many can be stopped and
holds nothing up. A run that was killed goes on where rows are missing: each person has one row for a notice, and what
is there already is left alone.
"""

from collections.abc import Collection, Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Case, Exists, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from wagtail_personalize.segments.models import Membership
from wagtail_personalize.segments.refresh import ensure_today
from wagtail_personalize.setsql import delete_rows, insert_select

from . import load
from .events import Event, event_called
from .models import Mail, Notice, Notification, Preference, PreferenceDefault

#: Users whose turn it is in one statement.
AT_ONCE = 100_000
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
    """Writes the copies of one notice, each as the person wants it: by own choice, else by segment, else by event."""

    def __init__(self, notice: Notice, event: Event) -> None:
        self.notice, self.event = notice, event
        self.own = Preference.objects.filter(event=event.name).order_by()
        mails = set(self.own.values_list("mail", flat=True).distinct())
        self.has_own = bool(mails)
        self.defaults = list(PreferenceDefault.objects.filter(event=event.name).order_by("position", "pk"))
        #: Whether anybody may get a mail at once.
        self.sends_now = Mail.NOW in {event.mail, *mails, *(default.mail for default in self.defaults)}

    def write(self, people: QuerySet) -> int:
        """Who wants it in no way gets none; their rows are written with all others, and go again at once."""
        values = {"_notice": Value(self.notice.pk), "_in_app": self._in_app(), "_mail": self._wanted("mail")}
        values |= {"_is_read": Value(False), "_is_mailed": Value(False)}
        rows = people.order_by().annotate(**values).values_list("pk", *values)
        written = insert_select(Notification, _COLUMNS, rows, ignore_conflicts=True)
        if self.has_own or self.defaults:
            written -= delete_rows(Notification.objects.filter(notice=self.notice, in_app=False, mail=Mail.NONE))
        return written

    def _in_app(self) -> Any:
        return self._wanted("in_app") if self.event.may_be_muted else Value(True)

    def _wanted(self, name: str) -> Any:
        """The value of this field for each user: nothing is looked up that nobody set."""
        field = Notification._meta.get_field(name)
        last: Any = Value(getattr(self.event, name), output_field=field)
        if any(getattr(default, name) != getattr(self.event, name) for default in self.defaults):
            last = Case(*(self._by_segment(default, name) for default in self.defaults), default=last)
        if not self.has_own:
            return last
        mine = self.own.filter(person=OuterRef("pk")).values(name)
        return Coalesce(Subquery(mine, output_field=field), last, output_field=field)

    def _by_segment(self, default: PreferenceDefault, name: str) -> When:
        member = Membership.objects.filter(person=OuterRef("pk"), segment=default.segment_id)
        return When(Exists(member), then=Value(getattr(default, name), output_field=Notification._meta.get_field(name)))


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
