"""The six key figures: reach, active people, visitors who take part, interaction rate, engaged time, vain searches."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median_low
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_personalize.privacy.figures import Reason, Shown, Withheld

from ..models import ALL, Content, Figures
from .cells import Cell, Column, Decision, Figure, number_cell, seconds_cell, share_cell
from .measures import AUDIENCE, PARTICIPANTS, REACHED, VIEWERS
from .periods import Period
from .reading import Numbers, Reader, Told

#: Engaged time is the median of this many of the most viewed pages.
MOST_PAGES = 50


@dataclass(frozen=True)
class KeyFigure:
    """How one of them is worked out of the numbers of the site, said and explained."""

    name: str
    label: Any
    explanation: Any
    of: Callable[[Numbers], Decision]
    cell: Callable[[Decision], Cell]
    #: Whether more of it is better.
    more_is_better: bool = True


KEY_FIGURES = (
    KeyFigure(
        "reach",
        gettext_lazy("Reach"),
        gettext_lazy("People with an impression or a view ÷ people for whom it is meant."),
        lambda numbers: numbers.ratio(REACHED, AUDIENCE),
        share_cell,
    ),
    KeyFigure(
        "active",
        gettext_lazy("Active people"),
        gettext_lazy("Different people who opened at least one page in this time."),
        lambda numbers: numbers[VIEWERS],
        number_cell,
    ),
    KeyFigure(
        "participation",
        gettext_lazy("Visitor → participant"),
        gettext_lazy("People who did more than view ÷ people who opened a page."),
        lambda numbers: numbers.ratio(PARTICIPANTS, VIEWERS),
        share_cell,
    ),
    KeyFigure(
        "interaction",
        gettext_lazy("Interaction rate"),
        gettext_lazy("People who did more than view ÷ the whole audience; against viewers it is the figure before."),
        lambda numbers: numbers.ratio(PARTICIPANTS, AUDIENCE),
        share_cell,
    ),
    KeyFigure(
        "engaged",
        gettext_lazy("Median engaged time"),
        gettext_lazy("The median of the most viewed pages: seconds in which the page was looked at and used."),
        lambda numbers: numbers["engaged_median"],
        seconds_cell,
    ),
    KeyFigure(
        "vain",
        gettext_lazy("Searches without result"),
        gettext_lazy("Searches that found nothing that this person may see ÷ all searches."),
        lambda numbers: numbers.ratio("searches_without_result", "searches"),
        share_cell,
        more_is_better=False,
    ),
)


class SiteNumbers:
    """The numbers of the whole site in a period and the one before it, for any group; a fixed number of queries."""

    def __init__(self, reader: Reader, period: Period) -> None:
        self.period = period
        self._site, self._told = reader.read_site([period, period.before])
        self._pages = {one: _most_viewed(one) for one in (period, period.before)}
        contents = {pk for pages in self._pages.values() for pk in pages}
        self._times = reader.read(contents, [period, period.before], (VIEWERS, "engaged_median"))

    def of(self, group: int = ALL, period: Period | None = None) -> Numbers:
        period = period or self.period
        numbers = self._told.of(self._site, period, group)
        return Numbers(numbers | {"engaged_median": self._engaged(period, group, self._times)})

    def _engaged(self, period: Period, group: int, told: Told) -> Decision:
        medians = [told.of(content, period, group).value("engaged_median") for content in self._pages[period]]
        known = [seconds for seconds in medians if seconds is not None]
        return Shown(median_low(known)) if known else Withheld(Reason.TOO_FEW)

    def figures(self, group: int = ALL) -> list[Figure]:
        """The six, each with its change against the period before."""
        return [figure_of(key, self.of(group), self.of(group, self.period.before)) for key in KEY_FIGURES]


def _most_viewed(period: Period) -> list[int]:
    rows = Figures.objects.filter(span=period.span, start=period.start, segment_id=ALL, content__type=Content.Type.PAGE)
    return list(rows.order_by("-viewers", "content_id").values_list("content_id", flat=True)[:MOST_PAGES])


def figure_of(key: KeyFigure, now: Numbers, before: Numbers) -> Figure:
    decision, earlier = key.of(now), key.of(before)
    change, direction = _change(key, decision, earlier)
    return Figure(key.label, key.cell(decision), key.explanation, change, direction, _second(key, now))


def _second(key: KeyFigure, numbers: Numbers) -> str:
    """What else must be said, so that the number is not misread."""
    if key.name == "interaction" and numbers.value(VIEWERS):
        return _("of the audience; %(share)s of the viewers") % {
            "share": share_cell(numbers.ratio(PARTICIPANTS, VIEWERS)).text
        }
    if key.name == "reach" and numbers.value(AUDIENCE):
        return _("of %(number)s people") % {"number": number_cell(numbers[AUDIENCE]).text}
    return ""


def _change(key: KeyFigure, now: Decision, before: Decision) -> tuple[str, str]:
    """In words with its sign, and whether it is good news (``better``, ``worse`` or nothing)."""
    if not (isinstance(now, Shown) and isinstance(before, Shown)):
        return "", ""
    difference = now.value - before.value
    if key.cell is share_cell:
        points = round(difference * 100, 1)
        words = _("%(points)+g points") % {"points": points}
        difference = points
    elif not before.value:
        return "", ""
    else:
        difference = round(difference / before.value * 100)
        words = _("%(number)+d %%") % {"number": difference}
    if not difference:
        return _("unchanged"), ""
    return words.replace("-", "−"), "better" if (difference > 0) == key.more_is_better else "worse"


COLUMNS = tuple(Column(key.label, key.explanation) for key in KEY_FIGURES)


def cells_of(numbers: Numbers) -> list[Cell]:
    return [key.cell(key.of(numbers)) for key in KEY_FIGURES]
