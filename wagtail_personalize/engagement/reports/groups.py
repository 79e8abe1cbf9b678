"""Segments beside each other: who is reached, who takes part, and how much per head."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_personalize.privacy.figures import Shown

from ..models import ALL
from .cells import Body, Cell, Column, Decision, Table, bars, number_cell, per_head_cell, share_cell, text_cell
from .filters import Asked
from .key_figures import SiteNumbers
from .measures import AUDIENCE, EXPLANATIONS, LABELS, PARTICIPANTS, REACHED, VIEWERS
from .reading import Numbers
from .report import NOTHING_YET, Report


class BySegment(Report):
    name = "segments"
    title = gettext_lazy("By segment")
    explanation = gettext_lazy(
        "Reporting segments, the most active per head first. People count for the segments they were in that day."
    )

    def build(self, asked: Asked, request: HttpRequest) -> Body:
        if asked.period is None:
            return Body(empty=NOTHING_YET)
        site = SiteNumbers(asked.reader, asked.period)
        rows = [_row(asked.called(group), site.of(group)) for group in asked.segments]
        rows.sort(key=lambda row: (row[5].number is None, -(row[5].number or 0), row[0].text))
        table = Table(
            _("Segments"),
            COLUMNS,
            [*rows, _row(asked.called(ALL), site.of())],
            empty=_("There are no reporting segments yet."),
            is_of_chart=True,
        )
        return Body(charts=[bars(_("Views per head"), table.rows, 5)], tables=[table])


def _row(name: str, numbers: Numbers) -> list[Cell]:
    return [
        text_cell(name),
        number_cell(numbers[AUDIENCE]),
        share_cell(numbers.ratio(REACHED, AUDIENCE)),
        number_cell(numbers[VIEWERS]),
        share_cell(numbers.ratio(PARTICIPANTS, VIEWERS)),
        per_head_cell(per_head(numbers, "views")),
    ]


def per_head(numbers: Numbers, name: str) -> Decision:
    """How often something was done for each person of the segment, whether they did it or not."""
    decision, heads = numbers[name], numbers.value(AUDIENCE)
    return (
        Shown(decision.value / heads)
        if isinstance(decision, Shown) and heads
        else numbers[AUDIENCE]
        if not heads
        else decision
    )


COLUMNS = (
    Column(gettext_lazy("Segment"), is_number=False),
    Column(gettext_lazy("People"), EXPLANATIONS[AUDIENCE]),
    Column(gettext_lazy("Reach"), gettext_lazy("Reached people of the audience ÷ audience.")),
    Column(gettext_lazy("Active people"), EXPLANATIONS[VIEWERS]),
    Column(LABELS[PARTICIPANTS], gettext_lazy("People who did more than view ÷ active people.")),
    Column(gettext_lazy("Views per head"), gettext_lazy("Views of pages ÷ people in the segment.")),
)
