"""Which pages are read most."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_personalize.privacy.figures import rules

from ..models import Content
from .cells import Body, Column, Table, bars, number_cell, seconds_cell, share_cell
from .contents import most_first, page_cell, pages_called
from .filters import Asked
from .measures import AUDIENCE, EXPLANATIONS, INTERACTIONS, LABELS, PARTICIPANTS, REACHED, VIEWERS
from .report import NOTHING_YET, Report

#: So many are shown and taken away.
LISTED = 100
_NAMES = (AUDIENCE, "seers", VIEWERS, REACHED, PARTICIPANTS, "views", "engaged_median", "scrolled_75", *INTERACTIONS)


class MostRead(Report):
    name = "most-read"
    title = gettext_lazy("Most read")
    explanation = gettext_lazy("Pages by how many different people opened them, in all languages together.")
    choices = ("period", "segment", "q")

    def build(self, asked: Asked, request: HttpRequest) -> Body:
        if asked.period is None:
            return Body(empty=NOTHING_YET)
        keys = most_first(Content.Type.PAGE, asked.period, asked.group, rules().floor)
        contents = Content.objects.in_bulk(keys)
        pages = pages_called([content.key for content in contents.values()], request)
        wanted = [pk for pk in keys if contents[pk].key in pages and _is_found(pages[contents[pk].key][1], asked.text)]
        table = self._table(asked, [contents[pk] for pk in wanted[:LISTED]], pages)
        return Body(charts=[bars(_("Viewers"), table.rows, 1)], tables=[table])

    def _table(self, asked: Asked, contents: list[Content], pages: dict) -> Table:
        told = asked.reader.read([content.pk for content in contents], [asked.period], _NAMES)
        rows = []
        for content in contents:
            numbers = told.of(content.pk, asked.period, asked.group)
            if numbers.value(VIEWERS) is None:
                continue
            rows.append(
                [
                    page_cell(content, pages),
                    number_cell(numbers[VIEWERS]),
                    share_cell(numbers.ratio(REACHED, AUDIENCE)),
                    number_cell(numbers["views"]),
                    seconds_cell(numbers["engaged_median"]),
                    number_cell(numbers["scrolled_75"]),
                    number_cell(numbers.total(INTERACTIONS)),
                ]
            )
        return Table(
            _("Pages"),
            COLUMNS,
            rows,
            empty=_("No page was read by enough people."),
            note=_("Pages that fewer than %(floor)d people read are not listed.") % {"floor": rules().floor},
            is_of_chart=True,
        )


COLUMNS = (
    Column(gettext_lazy("Page"), is_number=False),
    Column(LABELS[VIEWERS], EXPLANATIONS[VIEWERS]),
    Column(gettext_lazy("Reach"), gettext_lazy("Reached people of the audience ÷ audience.")),
    Column(LABELS["views"], EXPLANATIONS["views"]),
    Column(LABELS["engaged_median"], EXPLANATIONS["engaged_median"]),
    Column(LABELS["scrolled_75"], gettext_lazy("Views in which three quarters of the page came into sight.")),
    Column(gettext_lazy("Interactions"), gettext_lazy("Clicks, downloads, reactions, comments, shares and the like.")),
)


def _is_found(title: str, text: str) -> bool:
    return text.casefold() in title.casefold()
