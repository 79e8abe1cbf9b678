"""The report of one page, in all its languages: whom it reached among those for whom it is meant."""

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from wagtail_personalize.privacy.figures import rules

from ..models import ALL, Content, Figures
from ..unseen.sizes import number_not_reached
from .cells import Body, Chart, Column, Decision, Figure, Table, number_cell, seconds_cell, share_cell, text_cell
from .channels import channels_table
from .contents import known_pages
from .filters import Asked
from .measures import AUDIENCE, EXPLANATIONS, INTERACTIONS, LABELS, PARTICIPANTS, REACHED, VIEWERS
from .periods import Period, usual
from .reading import Numbers, Reader, Told
from .report import Report
from .view import ReportPage

_SHARES = ("scrolled_25", "scrolled_50", "scrolled_75", "scrolled_100")
_PAST = 12
_NOT_REACHED = gettext_lazy("People of the audience without an impression or a view; without those who objected.")


class OnePage(Report):
    """``page`` is any language version."""

    name = "page"
    title = gettext_lazy("Page")
    explanation = gettext_lazy("All languages of the page together.")
    choices = ("period", "segment")

    def __init__(self, page: Any) -> None:
        self.page = page

    def build(self, asked: Asked, request: HttpRequest) -> Body:
        content = content_of(self.page)
        if content is None or asked.period is None:
            return Body(empty=_("Nobody has read this page yet, or its figures are made tonight."))
        periods = [period for period in asked.periods if period.span == asked.period.span][:_PAST]
        told = asked.reader.read([content.pk], {*periods, asked.period, asked.period.before})
        numbers = told.of(content.pk, asked.period, asked.group)
        missed = number_not_reached(self.page, numbers[AUDIENCE], numbers[REACHED], asked.group)
        return Body(
            figures=[*_figures(numbers), Figure(_("Not reached"), number_cell(missed), _NOT_REACHED)],
            charts=[_scroll_chart(numbers), _time_chart(told, content, periods, asked.group)],
            tables=[
                _groups_table(told, content, asked),
                _counts_table(numbers),
                _time_table(told, content, periods, asked),
                channels_table(asked, [content.pk]),
            ],
        )


def content_of(page: Any) -> Content | None:
    return Content.objects.filter(type=Content.Type.PAGE, key=str(page.translation_key)).first()


def _figures(numbers: Numbers) -> list[Figure]:
    decisions: list[tuple[Any, Any, Any]] = [
        (_("Reach"), share_cell(numbers.ratio(REACHED, AUDIENCE)), _("Reached people of the audience ÷ audience.")),
        (LABELS[VIEWERS], number_cell(numbers[VIEWERS]), EXPLANATIONS[VIEWERS]),
        (
            _("Interaction rate"),
            share_cell(numbers.ratio(PARTICIPANTS, VIEWERS)),
            _("People who did more than view ÷ viewers."),
        ),
        (LABELS["engaged_median"], seconds_cell(numbers["engaged_median"]), EXPLANATIONS["engaged_median"]),
    ]
    return [Figure(label, cell, text, second=_second(label, numbers)) for label, cell, text in decisions]


def _second(label: Any, numbers: Numbers) -> str:
    if label == LABELS["engaged_median"] and numbers.value("views"):
        known = min((numbers.value("timed_views") or 0) / numbers.value("views"), 1)
        return _("unknown for %(share)d %% of the views") % {"share": round((1 - known) * 100)}
    if label == _("Interaction rate") and numbers.value(AUDIENCE):
        share = share_cell(numbers.ratio(PARTICIPANTS, AUDIENCE))
        return _("of the viewers; %(share)s of the audience") % {"share": share.text}
    if label == _("Reach") and numbers.value(AUDIENCE):
        return _("of %(number)s people") % {"number": number_cell(numbers[AUDIENCE]).text}
    return ""


def _scroll_chart(numbers: Numbers) -> Chart:
    values = [numbers.value(name) for name in _SHARES]
    return Chart(_("How far it was read"), ["25 %", "50 %", "75 %", "100 %"], [(LABELS["views"], values)])


def _time_chart(told: Told, content: Content, periods: list[Period], group: int) -> Chart:
    values = [told.of(content.pk, period, group).value(VIEWERS) for period in reversed(periods)]
    return Chart(_("Viewers"), [period.short for period in reversed(periods)], [(LABELS[VIEWERS], values)], kind="line")


def _groups_table(told: Told, content: Content, asked: Asked) -> Table:
    rows = []
    for group in (ALL, *asked.segments):
        numbers = told.of(content.pk, asked.period, group)
        cells = [number_cell(numbers[AUDIENCE]), share_cell(numbers.ratio(REACHED, AUDIENCE))]
        cells += [number_cell(numbers[VIEWERS]), share_cell(numbers.ratio(PARTICIPANTS, VIEWERS))]
        rows.append([text_cell(asked.called(group)), *cells])
    columns = [
        Column(_("Segment"), is_number=False),
        Column(LABELS[AUDIENCE], EXPLANATIONS[AUDIENCE]),
        Column(_("Reach"), _("Reached people of the audience ÷ audience.")),
        Column(LABELS[VIEWERS]),
        Column(LABELS[PARTICIPANTS], _("People who did more than view ÷ viewers.")),
    ]
    return Table(_("Among its audience"), columns, rows)


def _counts_table(numbers: Numbers) -> Table:
    names = ("impressions", "views", *_SHARES, *INTERACTIONS, "helpful", "unhelpful")
    rows = [[text_cell(LABELS[name]), number_cell(numbers[name])] for name in names]
    note = _("How often something was done is rounded to multiples of %(floor)d.") % {"floor": rules().floor}
    return Table(
        _("What was done"),
        [Column(_("What"), is_number=False), Column(pgettext("how many", "Number"))],
        rows,
        note=note,
    )


def _time_table(told: Told, content: Content, periods: list[Period], asked: Asked) -> Table:
    rows = []
    for period in periods:
        numbers = told.of(content.pk, period, asked.group)
        rows.append([text_cell(period), number_cell(numbers[VIEWERS]), number_cell(numbers["views"])])
    columns = [Column(pgettext("period", "Time"), is_number=False), Column(LABELS[VIEWERS]), Column(LABELS["views"])]
    return Table(_("Over time: %(group)s") % {"group": asked.called(asked.group)}, columns, rows, is_of_chart=True)


def reach_of(page: Any) -> tuple[Decision, Decision, Period] | None:
    """Reach and viewers of the newest period that is over, of all people: for the editor's side panel."""
    asked = Asked({}, Reader())
    content = content_of(page)
    if content is None or asked.period is None:
        return None
    numbers = asked.reader.read([content.pk], [asked.period]).of(content.pk, asked.period)
    return numbers.ratio(REACHED, AUDIENCE), numbers[VIEWERS], asked.period


class PageReport(ReportPage):
    """Of a page that exists for the user; else the answer is that of a missing page."""

    @cached_property
    def report(self) -> OnePage:
        if not rules().is_measured:
            raise Http404
        return OnePage(get_object_or_404(known_pages(self.request), pk=self.kwargs["page_id"]))

    @cached_property
    def asked(self) -> Asked:
        """Where no time was chosen, the newest week or month in which the page was read by enough people."""
        asked, content = super().asked, content_of(self.report.page)
        if content is None or "period" in asked.given:
            return asked
        rows = Figures.objects.filter(content=content, segment_id=ALL, viewers__gte=rules().floor)
        read = {Period(span, start) for span, start in rows.values_list("span", "start")}
        found = usual([period for period in asked.periods if period in read])
        return Asked({**asked.given, "period": found.key}, asked.reader, asked.spans) if found else asked

    @property
    def look_name(self) -> str:
        return f"page {self.kwargs['page_id']}"

    def get_page_title(self) -> str:
        return self.report.page.get_admin_display_title()
