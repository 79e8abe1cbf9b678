"""The size of a segment over time, as a chart and as the table beside it that says the same."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.ui.components import Component

from wagtail_personalize.privacy.sizes import rounded_size, shown_size

from ..days import today
from ..history import first_known_day, sizes
from ..models import Segment

#: With more days than this, each point is a week.
MOST_POINTS = 62


@dataclass(frozen=True)
class Point:
    """The end of one day: how the size reads, and how high the line stands."""

    day: date
    words: str
    height: int


class SizeChart(Component):
    """Draws ``points``; with fewer than two there is nothing to draw yet."""

    template_name = "wagtail_personalize/segments/admin/size_chart.html"

    def __init__(self, points: Sequence[Point]) -> None:
        self.points = points

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        drawn = {
            "label": _("People"),
            "days": [date_format(point.day, "SHORT_DATE_FORMAT") for point in self.points],
            "heights": [point.height for point in self.points],
            "words": [point.words for point in self.points],
        }
        return {"points": list(reversed(self.points)), "drawn": json.dumps(drawn), "is_young": len(self.points) < 2}

    @property
    def media(self) -> forms.Media:
        scripts = ("vendor/chartjs/chart.umd.min.js", "segments/size-chart.js")
        return forms.Media(js=[versioned_static(f"wagtail_personalize/{path}") for path in scripts])


def size_chart(segment: Segment, exact: bool) -> SizeChart:
    """From the first day of which anything is known until today; rounded unless ``exact``."""
    return SizeChart(
        [_point(day, size, exact) for day, size in thinned(sizes(segment, first_known_day(segment), today()))]
    )


def thinned(days: list[tuple[date, int]]) -> list[tuple[date, int]]:
    """Each day of two months, or one day of each week before today, so that chart and table stay readable."""
    step = 1 if len(days) <= MOST_POINTS else 7
    return days[::-step][::-1]


def _point(day: date, size: int, exact: bool) -> Point:
    return Point(day, shown_size(size, exact), size if exact else rounded_size(size))
