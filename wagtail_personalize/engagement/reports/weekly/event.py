"""The event of the weekly report: for who asked for it and may look at reports, at that moment and when it leaves."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.notifications.events import Event, Told, register_event
from wagtail_personalize.streams.notifications.models import Mail, Notice
from wagtail_personalize.streams.notifications.recipients import active_people

from ..periods import Period
from .models import ReportSubscription

EVENT = "week_in_figures"
_VIEW = "personalize_engagement.view_figures"


@register_event
class WeekInFigures(Event):
    name = EVENT
    label = _("The figures of the week")
    description = _("For editors who asked for it at the reports.")
    icon = "view"
    order = 200
    mail = Mail.NOW
    is_beyond_cap = True

    def people(self, notice: Notice) -> QuerySet:
        return active_people().filter(pk__in=_entitled())

    def shown(self, notices: Collection[Notice], viewer: Viewer) -> Mapping[Any, Told]:
        if viewer.user is None or not viewer.user.has_perm(_VIEW):
            return {}
        return {notice.pk: _told(notice) for notice in notices}


def _entitled() -> list[Any]:
    """The few who asked for it, as far as they still may look."""
    subscribed = ReportSubscription.objects.select_related("person")
    return [row.person_id for row in subscribed if row.person.is_active and row.person.has_perm(_VIEW)]


def _told(notice: Notice) -> Told:
    period = Period.read(notice.key)
    url = f"{reverse('personalize_engagement:overview')}?period={notice.key}"
    return Told(notice, str(_("The figures of the week")), str(period or notice.key), url)
