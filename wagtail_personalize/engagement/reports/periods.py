"""The spans of time that reports are about: days, weeks and months of which there are figures."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wagtail_personalize.privacy.figures import is_closed, rules
from wagtail_personalize.privacy.figures.periods import end_of
from wagtail_personalize.segments.days import today

from ..models import ALL, Content, Figures

#: How many of each span can be chosen.
MOST = {"day": 31, "week": 27, "month": 25}


@dataclass(frozen=True, order=True)
class Period:
    """A day, a week from Monday, or a calendar month."""

    span: str
    start: date

    @property
    def last(self) -> date:
        return end_of(self.span, self.start)

    @property
    def is_closed(self) -> bool:
        return is_closed(self.span, self.start, today())

    @property
    def before(self) -> "Period":
        """The period of the same length before this one."""
        day = self.start - timedelta(days=1)
        start = {"day": day, "week": self.start - timedelta(days=7), "month": day.replace(day=1)}[self.span]
        return Period(self.span, start)

    @property
    def key(self) -> str:
        """As it stands in an address."""
        return f"{self.span}-{self.start:%Y-%m-%d}"

    @classmethod
    def read(cls, text: Any) -> "Period | None":
        """What ``key`` wrote; ``None`` for anything else."""
        span, _dash, day = str(text or "").partition("-")
        try:
            return cls(span, date.fromisoformat(day)) if span in MOST else None
        except ValueError:
            return None

    def __str__(self) -> str:
        if self.span == "month":
            return date_format(self.start, "F Y")
        if self.span == "day":
            return date_format(self.start, "SHORT_DATE_FORMAT")
        days = {"first": date_format(self.start, "j M"), "last": date_format(self.last, "j M Y")}
        return _("Week from %(first)s to %(last)s") % days

    @property
    def short(self) -> str:
        return date_format(self.start, "M Y" if self.span == "month" else "j M")


def known_periods(*spans: str) -> list[Period]:
    """Those with figures of the whole site that may be told here, the newest first; one query."""
    allowed = [span for span in spans or ("week", "month") if span in rules().spans]
    rows = Figures.objects.filter(content__type=Content.Type.SITE, segment_id=ALL, span__in=allowed)
    found = sorted((Period(span, start) for span, start in rows.order_by().values_list("span", "start")), reverse=True)
    return [period for span in allowed for period in [p for p in found if p.span == span][: MOST[span]]]


def usual(periods: list[Period]) -> Period | None:
    """The newest week that is over, else the newest of all."""
    closed = [period for period in periods if period.is_closed]
    return next(iter([p for p in closed if p.span == "week"] or closed or periods), None)
