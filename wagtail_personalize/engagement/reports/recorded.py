"""What is recorded about whoever looks at reports; and how long."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_personalize.privacy.recorded import Row, Section, register_recorded, said_moment

from ..models import ReportLook
from .weekly.models import ReportSubscription

KEPT = timedelta(days=365)


@register_recorded
class ReportLooks(Section):
    name = "report_looks"
    title = _("Reports that you looked at")
    purpose = _("So that it can be checked that measuring is not misused.")
    retention = _("12 months.")
    models = ("personalize_engagement.ReportLook",)
    order = 820

    def rows(self, person: Any) -> list[Row]:
        return [
            Row(look.report, said_moment(look.at), [(_("Choices"), look.filters), (_("File"), look.export)])
            for look in ReportLook.objects.filter(actor=person)
        ]


@register_recorded
class WeeklyReportSection(Section):
    name = "weekly_report"
    title = _("Whether you get the weekly figures")
    purpose = _("So that you get the report that you asked for.")
    retention = _("Until you end it.")
    models = ("personalize_engagement.ReportSubscription",)
    order = 445

    def rows(self, person: Any) -> list[Row]:
        subscribed = ReportSubscription.objects.filter(person=person)
        return [Row(_("You get the figures of each week."), said_moment(row.since)) for row in subscribed]


def purge_looks() -> int:
    """Delete looks older than twelve months; returns how many."""
    return ReportLook.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]
