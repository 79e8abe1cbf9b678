"""The funnel of e-mails: accepted by the mail server, then a click whose token proves it. Opening is not measured."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_personalize.privacy.figures import rules

from ..models import ALL, Content
from .cells import Body, Column, Table, bars, number_cell, share_cell, text_cell
from .contents import most_first
from .filters import Asked
from .measures import EXPLANATIONS
from .report import NOTHING_YET, Report

_NAMES = ("mails_accepted", "mail_clicks")


class Mailings(Report):
    name = "mailings"
    title = gettext_lazy("E-mails")
    explanation = gettext_lazy(
        "Digests and notifications: how many the mail server took, and how often they were clicked."
    )

    def build(self, asked: Asked, request: HttpRequest) -> Body:
        if asked.period is None:
            return Body(empty=NOTHING_YET)
        keys = most_first(Content.Type.MAILING, asked.period, ALL, rules().floor, "mails_accepted")
        labels = {content.pk: str(content) for content in Content.objects.filter(pk__in=keys)}
        told = asked.reader.read(keys, [asked.period], _NAMES)
        rows = []
        for key in keys:
            for group in (ALL, *asked.segments):
                numbers = told.of(key, asked.period, group)
                if numbers.value("mails_accepted") is None:
                    continue
                cells = [number_cell(numbers[name]) for name in _NAMES]
                share = share_cell(numbers.ratio("mail_clicks", "mails_accepted"))
                rows.append([text_cell(labels[key]), text_cell(asked.called(group)), *cells, share])
        empty = _("No e-mail went to enough people in this time.")
        whole = [row for row in rows if row[1].text == asked.called(ALL)]
        table = Table(_("E-mails"), COLUMNS, rows, empty=empty)
        return Body(charts=[bars(_("Clicks"), whole, 3)], tables=[table])


COLUMNS = (
    Column(gettext_lazy("E-mail"), is_number=False),
    Column(gettext_lazy("Segment"), is_number=False),
    Column(gettext_lazy("Accepted"), gettext_lazy("E-mails that the mail server took.")),
    Column(gettext_lazy("Clicks"), EXPLANATIONS["mail_clicks"]),
    Column(gettext_lazy("Clicks per e-mail"), gettext_lazy("Clicks ÷ accepted e-mails, 100 % at most.")),
)
