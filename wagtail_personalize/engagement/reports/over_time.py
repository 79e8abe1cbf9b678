"""How the figures of the site go from week to week, month to month, or, of all people, day to day."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ..models import ALL
from .cells import Body, Chart, Column, Table, number_cell, share_cell, text_cell
from .filters import Asked
from .measures import AUDIENCE, EXPLANATIONS, LABELS, PARTICIPANTS, REACHED, VIEWERS
from .report import NOTHING_YET, Report


class OverTime(Report):
    name = "over-time"
    title = gettext_lazy("Over time")
    explanation = gettext_lazy("Different people within each day, week or month; days are told of all people only.")
    choices = ("span", "segment")
    spans = ("week", "month", "day")

    def build(self, asked: Asked, request: HttpRequest) -> Body:
        periods = [period for period in asked.periods if period.span == asked.span]
        if not periods:
            return Body(empty=NOTHING_YET)
        group = ALL if asked.span == "day" else asked.group
        site, told = asked.reader.read_site(periods)
        rows = []
        for period in periods:
            numbers = told.of(site, period, group)
            people = [number_cell(numbers[name]) for name in (VIEWERS, PARTICIPANTS, "views")]
            rows.append([text_cell(period), *people, share_cell(numbers.ratio(REACHED, AUDIENCE))])
        table = Table(_("Site: %(group)s") % {"group": asked.called(group)}, COLUMNS, rows, is_of_chart=True)
        return Body(charts=[_chart(periods, rows)], tables=[table])


def _chart(periods: list, rows: list) -> Chart:
    series = [(COLUMNS[at].label, [row[at].number for row in reversed(rows)]) for at in (1, 2)]
    return Chart(_("People"), [period.short for period in reversed(periods)], series, kind="line")


COLUMNS = (
    Column(pgettext_lazy("period", "Time"), is_number=False),
    Column(gettext_lazy("Active people"), EXPLANATIONS[VIEWERS]),
    Column(LABELS[PARTICIPANTS], EXPLANATIONS[PARTICIPANTS]),
    Column(LABELS["views"], EXPLANATIONS["views"]),
    Column(gettext_lazy("Reach"), gettext_lazy("Reached people of the audience ÷ audience.")),
)
