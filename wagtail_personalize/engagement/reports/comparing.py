"""Two segments, two times, or both, side by side."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from .cells import Body, Chart, Column, Table, text_cell
from .filters import Asked
from .key_figures import KEY_FIGURES, SiteNumbers
from .report import NOTHING_YET, Report


class Compare(Report):
    name = "compare"
    title = gettext_lazy("Compare")
    explanation = gettext_lazy("The six key figures of two segments, two times, or both.")
    choices = ("period", "segment", "other_period", "other_segment")

    def build(self, asked: Asked, request: HttpRequest) -> Body:
        if asked.period is None:
            return Body(empty=NOTHING_YET)
        sides = ((asked.period, asked.group), (asked.other_period, asked.other_group))
        sites = {period: SiteNumbers(asked.reader, period) for period, _group in sides}
        numbers = [sites[period].of(group) for period, group in sides]
        names = [f"{asked.called(group)}, {period}" for period, group in sides]
        rows = [[text_cell(key.label), *(key.cell(key.of(one)) for one in numbers)] for key in KEY_FIGURES]
        columns = [Column(_("Key figure"), is_number=False), *map(Column, names)]
        note = _("The groups may overlap: people who are in both count for both.") if asked.segments else ""
        shares = [row for row, key in zip(rows, KEY_FIGURES, strict=True) if key.name not in ("active", "engaged")]
        series = [(name, [row[at].number for row in shares]) for at, name in enumerate(names, 1)]
        chart = Chart(pgettext("parts of a whole", "Shares"), [row[0].text for row in shares], series, is_share=True)
        return Body(charts=[chart], tables=[Table(_("Side by side"), columns, rows, note=note, is_of_chart=True)])
