"""What people search, and what they do not find."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_personalize.privacy.figures import rules

from ..models import Content
from .cells import Body, Column, Table, bars, number_cell, share_cell, text_cell
from .contents import most_first
from .filters import Asked
from .measures import EXPLANATIONS, OF_SEARCHES
from .report import NOTHING_YET, Report

_NAMES = ("searchers", "searches", "searches_without_result", "clicks")


class Searches(Report):
    name = "searches"
    title = gettext_lazy("Searches")
    explanation = gettext_lazy("Words that enough different people searched for, however they wrote them.")
    choices = ("period", "segment")

    def is_offered(self) -> bool:
        return rules().is_measured and rules().has_free_text

    def build(self, asked: Asked, request: HttpRequest) -> Body:
        if asked.period is None:
            return Body(empty=NOTHING_YET)
        keys = most_first(Content.Type.SEARCH, asked.period, asked.group, rules().floor, "searchers")
        labels = dict(Content.objects.filter(pk__in=keys).values_list("pk", "label"))
        told = asked.reader.read(keys, [asked.period], _NAMES, OF_SEARCHES)
        rows, vain, left = [], [], []
        for key in keys:
            numbers = told.of(key, asked.period, asked.group)
            if numbers.value("searchers") is None:
                continue
            share = numbers.ratio("searches_without_result", "searches")
            opened = share_cell(numbers.ratio("clicks", "searches"))
            told_numbers = [number_cell(numbers[name]) for name in _NAMES[:2]]
            row = [text_cell(labels[key]), *told_numbers, share_cell(share), opened]
            rows.append(row)
            vain += [row] if row[3].number and row[3].number >= 0.5 else []
            left += [row] if opened.number is not None and opened.number < 0.5 else []
        few = _("Words that fewer than %(floor)d people searched for are not told.") % {"floor": rules().floor}
        return Body(
            charts=[bars(_("People who searched"), rows, 1)],
            tables=[
                Table(_("Searches"), COLUMNS, rows, note=few, empty=_("No word was searched for by enough people.")),
                Table(
                    _("Mostly without result"),
                    COLUMNS,
                    vain,
                    note=_("Write these pages, or use these words on the pages that there are."),
                    empty=_("What enough people searched for was mostly found."),
                ),
                Table(
                    _("Mostly nothing opened"),
                    COLUMNS,
                    left,
                    note=_("Something was found, but few people opened it: do its titles say what it is?"),
                    empty=_("After most searches something was opened, or too few people opened something to tell."),
                ),
            ],
        )


COLUMNS = (
    Column(gettext_lazy("Words"), is_number=False),
    Column(gettext_lazy("People who searched"), gettext_lazy("Different people.")),
    Column(gettext_lazy("Searches")),
    Column(gettext_lazy("Without result"), EXPLANATIONS["searches_without_result"]),
    Column(gettext_lazy("Opened a result"), gettext_lazy("A page or a document; colleagues are not counted.")),
)
