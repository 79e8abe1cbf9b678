"""At which hours people read. Counters without content or person; told for a month, rounded."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import Sum
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from wagtail_personalize.privacy.figures import Kind, Measure, Shown, rules
from wagtail_personalize.privacy.figures.contract import Family
from wagtail_personalize.privacy.figures.deciding import published

from ..models import ALL, HourCount
from .cells import Body, Chart, Column, Decision, Table, number_cell, text_cell
from .filters import Asked
from .periods import Period
from .reading import Reader
from .report import NOTHING_YET, Report

VIEWS = Measure("views", Kind.ACTIONS)
_MONDAY = date(2026, 1, 5)


class Hours(Report):
    name = "hours"
    title = gettext_lazy("Hours")
    explanation = gettext_lazy("Views by weekday and hour in the month. Hours are counted without pages and people.")
    choices = ("period", "segment")
    spans = ("month",)

    def is_offered(self) -> bool:
        return rules().is_measured and rules().has_hours

    def build(self, asked: Asked, request: HttpRequest) -> Body:
        if asked.period is None:
            return Body(empty=NOTHING_YET)
        told = views_by_hour(asked.reader, asked.period, asked.group)
        days = [date_format(_MONDAY + timedelta(days=day), "D") for day in range(7)]
        columns = [Column(_("Hour"), is_number=False), *map(Column, days)]
        rows = [
            [text_cell(f"{hour}:00"), *(number_cell(told[day, hour]) for day in range(7))]
            for hour in range(24)
            if any(isinstance(told[day, hour], Shown) and told[day, hour].value for day in range(7))
        ]
        sums = _by_hour(told)
        chart = Chart(
            _("Views by hour"),
            [f"{hour}:00" for hour in range(24)],
            [(pgettext("of pages", "Views"), [sums[h] for h in range(24)])],
        )
        empty = _("Too few views to tell of hours.")
        return Body(
            charts=[chart], tables=[Table(pgettext("of pages", "Views"), columns, rows, empty=empty, is_of_chart=True)]
        )


def views_by_hour(reader: Reader, period: Period, group: int) -> dict[tuple[int, int], Decision]:
    """For each weekday (0 is Monday) and hour; one query. What nobody did is told like what too few did."""
    rows = HourCount.objects.filter(month=period.start.replace(day=1)).order_by()
    found: dict[tuple[int, int], dict[int, dict[str, int]]] = {}
    for segment, day, hour, views in rows.values_list("segment_id", "weekday", "hour").annotate(Sum("views")):
        found.setdefault((day, hour), {})[segment] = {"views": views}
    told = {}
    for key in ((day, hour) for day in range(7) for hour in range(24)):
        numbers = found.get(key, {}) | ({} if group in found.get(key, {}) else {group: {"views": 0}})
        told[key] = published(Family(numbers, _is_over(period)), [VIEWS], reader.structure)[group]["views"]
    return told


def _is_over(period: Period) -> bool:
    return Period("month", period.start.replace(day=1)).is_closed


def _by_hour(told: Mapping[tuple[int, int], Decision]) -> Counter[int]:
    """Sums of what may be told."""
    sums: Counter[int] = Counter()
    for (_day, hour), decision in told.items():
        sums[hour] += decision.value if isinstance(decision, Shown) else 0
    return sums


def busiest_hour(reader: Reader, period: Period, group: int = ALL) -> int | None:
    """The hour at which this group reads most, if it may be told."""
    if not rules().has_hours:
        return None
    sums = _by_hour(views_by_hour(reader, period, group))
    hour, views = max(sums.items(), key=lambda pair: (pair[1], -pair[0]), default=(0, 0))
    return hour if views else None
