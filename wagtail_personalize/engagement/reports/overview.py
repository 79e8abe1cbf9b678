"""The first page of the reports: the six key figures, of all people and by segment, and what to make of them."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import ALL
from .cells import Body, Column, Table, bars, text_cell
from .filters import Asked
from .key_figures import COLUMNS, SiteNumbers, cells_of
from .report import NOTHING_YET, Report
from .suggestions import suggestions


class Overview(Report):
    name = "overview"
    title = gettext_lazy("Engagement")
    explanation = gettext_lazy("Six figures that say whether communication reaches people, and what they make of it.")
    choices = ("period", "segment")

    def build(self, asked: Asked, request: HttpRequest) -> Body:
        if asked.period is None:
            return Body(empty=NOTHING_YET)
        site = SiteNumbers(asked.reader, asked.period)
        table = by_segment(asked, site)
        return Body(
            figures=site.figures(asked.group),
            charts=[bars(_("Reach"), table.rows, 1, is_share=True)] if asked.segments else [],
            tables=[table],
            sentences=suggestions(asked, site),
        )


def by_segment(asked: Asked, site: SiteNumbers) -> Table:
    rows = [[text_cell(asked.called(group)), *cells_of(site.of(group))] for group in [ALL, *asked.segments]]
    return Table(
        _("By reporting segment"),
        [Column(_("Segment"), is_number=False), *COLUMNS],
        rows,
        note="" if asked.segments else _("Choose reporting segments, and run audit_figures, to see them here."),
        is_of_chart=bool(asked.segments),
    )
