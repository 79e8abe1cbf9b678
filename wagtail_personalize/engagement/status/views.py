"""The balance of each day, what waits in the buffer, and the days that the next roll-up makes anew."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.ui.tables import Column, DateColumn, Table

from wagtail_personalize.privacy.admin_page import PermittedPageMixin
from wagtail_personalize.segments.days import today

from ..buffer.queue import queue
from ..models import Balance, DirtyDay

VIEW = "personalize_engagement.view_balance"
DAYS = 30
_NUMBERS = {
    "received": _("Received"),
    "stored": _("Stored"),
    "duplicate": _("Told twice"),
    "rejected": _("Rejected"),
    "dropped": _("Dropped"),
}


def days() -> QuerySet:
    """One row for each of the last days on which anything was received, the latest first."""
    rows = Balance.objects.filter(day__gt=today() - timedelta(days=DAYS)).order_by("-day").values("day")
    return rows.annotate(**{f"all_{name}": Sum(name) for name in _NUMBERS})


class MeasurementStatus(PermittedPageMixin, TemplateView):
    """Numbers of events, never of people."""

    template_name = "wagtail_personalize/engagement/admin/status.html"
    page_title = _("Measurement status")
    header_icon = "history"
    permissions = (VIEW,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = [_checked(row) for row in days()]
        columns = [DateColumn("day", label=_("Day")), *(Column(f"all_{n}", label=str(w)) for n, w in _NUMBERS.items())]
        return super().get_context_data(
            table=Table([*columns, Column("difference", label=_("Difference"))], rows),
            has_rows=bool(rows),
            waiting=_waiting(),
            dirty=DirtyDay.objects.count(),
            **kwargs,
        )


def _checked(row: dict[str, Any]) -> dict[str, Any]:
    """A difference other than 0 is a fault of this package."""
    others = sum(row[f"all_{name}"] for name in _NUMBERS if name != "received")
    return {**row, "difference": row["all_received"] - others}


def _waiting() -> int | None:
    """How many beacons wait in the buffer: ``None`` without one, -1 while it cannot be reached."""
    buffer = queue()
    if buffer is None:
        return None
    try:
        return len(buffer)
    except buffer.faults:
        return -1
