"""The event *I was subscribed automatically*: one notice for each source and day, and a person is told of it once."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_personalize.segments.viewer import Viewer

from ..sources.finding import find_all
from ..sources.models import Source
from ..subscribing.models import Given, Subscription
from ..subscribing.reasons import reasons
from . import recipients
from .events import Event, Told, register_event
from .fan_out import fan_out
from .models import Mail, Notice, Notification

SUBSCRIBED = "subscribed"


@register_event
class Subscribed(Event):
    name = SUBSCRIBED
    label = gettext_lazy("I am subscribed automatically")
    description = gettext_lazy("Because of your department, your location or the like.")
    icon = "plus"
    order = 50
    mail = Mail.NONE

    def people(self, notice: Notice) -> QuerySet:
        """Who neither chose it themselves nor was told before."""
        mine = _given(timezone.localdate(notice.at)).filter(source=notice.source_id, person=OuterRef("pk"))
        before = Notice.objects.filter(event=SUBSCRIBED, source=notice.source_id).exclude(pk=notice.pk)
        told = Notification.objects.filter(notice__in=list(before.values_list("pk", flat=True)), person=OuterRef("pk"))
        return recipients.active_people().filter(Exists(mine), ~Exists(told))

    def shown(self, notices: Collection[Notice], viewer: Viewer) -> Mapping[Any, Told]:
        ids = {notice.source_id for notice in notices}
        sources = Source.objects.in_bulk(list(ids))
        found = find_all({(source.kind, source.key) for source in sources.values()}, viewer)
        rows = Subscription.objects.filter(person=viewer.person_id, source__in=ids, given__gt=Given.NOTHING)
        rows = list(rows.select_related("rule__segment"))
        why = reasons(rows)
        said = {row.source_id: why.get(row.pk, "") for row in rows}
        told = {}
        for notice in notices:
            source = sources.get(notice.source_id)
            if source and (shown := found.get((source.kind, source.key))):
                sentence = said.get(source.pk) or _("You were subscribed automatically")
                told[notice.pk] = Told(notice, sentence, shown.label, shown.url)
        return told

    def seen(self, notices: Collection[Notice], viewer: Viewer) -> set[Any]:
        sources = dict(_names(notice.source_id for notice in notices))
        found = find_all(sources.values(), viewer)
        return {notice.pk for notice in notices if sources.get(notice.source_id) in found}


def tell_subscribed(
    day: date, source_ids: Collection[int] | None = None, person_ids: Collection[Any] | None = None
) -> int:
    """Tell those among these people whom rules subscribed on a day to these sources; returns how many were told.

    ``None`` means any. May run twice.
    """
    rows = _given(day)
    rows = rows if source_ids is None else rows.filter(source__in=source_ids)
    rows = rows if person_ids is None else rows.filter(person__in=person_ids)
    at, told = min(timezone.now(), _begin_of(day) + timedelta(hours=23)), 0
    for source in rows.order_by().values_list("source", flat=True).distinct():
        about = {"source_id": source, "at": at}
        notice, _new = Notice.objects.get_or_create(event=SUBSCRIBED, key=f"{source}:{day}", defaults=about)
        Notice.objects.filter(pk=notice.pk).update(is_complete=False)
        told += fan_out(notice.pk, person_ids)
    return told


def _given(day: date) -> QuerySet[Subscription]:
    """What rules gave on a day to people who had not chosen it themselves."""
    begin = _begin_of(day)
    rows = Subscription.objects.filter(given__in=[Given.ON, Given.MANDATORY], own=None)
    return rows.filter(since__gte=begin, since__lt=begin + timedelta(days=1))


def _begin_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _names(ids: Any) -> Any:
    rows = Source.objects.filter(pk__in=set(ids)).values_list("pk", "kind", "key")
    return ((pk, (kind, key)) for pk, kind, key in rows)
