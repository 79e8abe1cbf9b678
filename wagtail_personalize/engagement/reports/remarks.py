"""What people wrote when they were asked whether a page was helpful.

A remark is told when its month is over, and only of pages on which so many people answered in that month that nobody
can tell who wrote it. Nothing else stands beside it: no segment, no day.
"""

from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_personalize.privacy.figures import rules

from ..answers.models import HelpfulText
from ..models import ALL, Content, Figures
from .cells import Body, Column, Table, text_cell
from .contents import MOST, page_cell, pages_called
from .filters import Asked
from .measures import LABELS, PARTICIPANTS
from .periods import Period
from .report import NOTHING_YET, Report


class Remarks(Report):
    name = "remarks"
    title = gettext_lazy("Was this helpful?")
    explanation = gettext_lazy("What people wrote beside their answer, without a name, a day or a group.")
    choices = ("period", "q")
    spans = ("month",)

    def is_offered(self) -> bool:
        return rules().is_measured and rules().has_free_text

    def build(self, asked: Asked, request: HttpRequest) -> Body:
        if asked.period is None:
            return Body(empty=NOTHING_YET)
        if not asked.period.is_closed:
            return Body(empty=_("What people wrote is shown when the month is over."))
        told = asked.reader.read(keys := _answered(asked.period), [asked.period], [PARTICIPANTS])
        keys = [key for key in keys if told.of(key, asked.period).value(PARTICIPANTS) is not None]
        contents = Content.objects.in_bulk(keys)
        pages = pages_called([content.key for content in contents.values()], request)
        wanted = [key for key in keys if _is_found(pages.get(contents[key].key), asked.text)]
        texts = HelpfulText.objects.filter(content__in=wanted, day=asked.period.start).order_by("content", "pk")[:MOST]
        rows = [
            [page_cell(contents[one.content_id], pages), text_cell(_said(one.helpful)), text_cell(one.text)]
            for one in texts
        ]
        few = _("Only of pages on which at least %(floor)d people answered.") % {"floor": rules().floor}
        empty = _("Nobody wrote anything on a page on which enough people answered.")
        return Body(tables=[Table(_("Remarks"), COLUMNS, rows, note=few, empty=empty)])


def _answered(month: Period) -> list[int]:
    """Contents on which enough people answered; everybody can answer once in a month."""
    rows = Figures.objects.filter(
        content__type=Content.Type.PAGE, span=month.span, start=month.start, segment_id=ALL, imported=False
    )
    enough = rows.annotate(answers=F("helpful") + F("unhelpful")).filter(answers__gte=rules().floor)
    return list(enough.order_by("content_id").values_list("content_id", flat=True)[:MOST])


def _is_found(page: tuple[int, str] | None, text: str) -> bool:
    """Pages that the reader may not be told of are found by nothing."""
    return page is not None and text.casefold() in page[1].casefold()


def _said(is_helpful: bool) -> str:
    return str(LABELS["helpful" if is_helpful else "unhelpful"])


COLUMNS = (
    Column(gettext_lazy("Page"), is_number=False),
    Column(gettext_lazy("Answer"), is_number=False),
    Column(gettext_lazy("Remark"), is_number=False),
)
