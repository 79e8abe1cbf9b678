"""What can be chosen in a report: the time, a segment, and with what to compare. What does not exist is ignored."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django_filters import CharFilter, ChoiceFilter
from wagtail.admin.filters import WagtailFilterSet

from wagtail_personalize.segments.models import Segment

from ..models import ALL, Figures
from .periods import Period, known_periods, usual
from .reading import Reader

SPANS = {"week": gettext_lazy("Weeks"), "month": gettext_lazy("Months"), "day": gettext_lazy("Days")}


@dataclass(frozen=True)
class Asked:
    """What somebody chose, after checking it; nothing here that does not exist or may not be told."""

    given: Mapping[str, str]
    reader: Reader
    spans: tuple[str, ...] = ("week", "month")

    @cached_property
    def periods(self) -> list[Period]:
        return known_periods(*self.spans)

    @cached_property
    def period(self) -> Period | None:
        return self._period("period") or usual(self.periods)

    @cached_property
    def other_period(self) -> Period | None:
        return self._period("other_period") or (self.period and self.period.before)

    def _period(self, name: str) -> Period | None:
        asked = Period.read(self.given.get(name))
        return asked if asked in self.periods else None

    @cached_property
    def segments(self) -> dict[int, str]:
        """The names of the segments that may be told."""
        rows = Segment.objects.filter(pk__in=self.reader.groups).order_by("name")
        return dict(rows.values_list("pk", "name"))

    @cached_property
    def group(self) -> int:
        return self._group("segment")

    @cached_property
    def other_group(self) -> int:
        return self._group("other_segment")

    def _group(self, name: str) -> int:
        asked = str(self.given.get(name) or "")
        return int(asked) if asked.isdecimal() and len(asked) < 19 and int(asked) in self.segments else ALL

    def called(self, group: int) -> str:
        return self.segments.get(group) or _("All people")

    @property
    def span(self) -> str:
        asked = self.given.get("span")
        return asked if asked in self.spans else self.spans[0]

    @property
    def text(self) -> str:
        return str(self.given.get("q") or "").strip()[:100]


class ReportFilterSet(WagtailFilterSet):
    """Draws the choices; what was chosen is read by ``Asked``, for pages, files and e-mails alike."""

    class Meta:
        model = Figures
        fields: list[str] = []

    def __init__(self, asked: Asked, names: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(dict(asked.given), queryset=Figures.objects.none(), **kwargs)
        for name in names:
            self.filters[name] = _FILTERS[name](asked)
        self.form.initial = {"period": asked.period and asked.period.key}

    def fields_with_values(self) -> list[forms.BoundField]:
        return list(self.form)


def _of_periods(label: Any, shown: Any) -> Any:
    def make(asked: Asked) -> ChoiceFilter:
        grouped = groupby(asked.periods, lambda period: period.span)
        choices = [(SPANS[span], [(period.key, str(period)) for period in periods]) for span, periods in grouped]
        return ChoiceFilter(label=label, choices=choices, empty_label=None, widget=_select(shown(asked)))

    return make


def _select(shown: Any) -> forms.Select:
    """A list in which is marked what is shown, also where nothing was chosen."""

    class Select(forms.Select):
        def format_value(self, value: Any) -> list[str]:
            return [str(shown)]

    return Select()


def _of_segments(label: Any, shown: Any) -> Any:
    def make(asked: Asked) -> ChoiceFilter:
        choices = [(ALL, _("All people")), *asked.segments.items()]
        return ChoiceFilter(label=label, choices=choices, empty_label=None, widget=_select(shown(asked)))

    return make


def _of_spans(asked: Asked) -> ChoiceFilter:
    choices = [(span, SPANS[span]) for span in asked.spans]
    return ChoiceFilter(label=gettext_lazy("Each"), choices=choices, empty_label=None, widget=_select(asked.span))


_FILTERS: dict[str, Any] = {
    "period": _of_periods(pgettext_lazy("period", "Time"), lambda asked: asked.period and asked.period.key),
    "other_period": _of_periods(
        gettext_lazy("Compared with"), lambda asked: asked.other_period and asked.other_period.key
    ),
    "segment": _of_segments(gettext_lazy("Segment"), lambda asked: asked.group),
    "other_segment": _of_segments(gettext_lazy("Other segment"), lambda asked: asked.other_group),
    "span": _of_spans,
    "q": lambda asked: CharFilter(label=gettext_lazy("Title contains")),
}
