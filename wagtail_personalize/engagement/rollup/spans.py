"""Days, weeks from Monday, and calendar months, as the spans of ``Figures`` count them."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from ..models import Figures

#: Plain texts: they are looked up very often.
DAY, WEEK, MONTH = (str(kind) for kind in (Figures.Span.DAY, Figures.Span.WEEK, Figures.Span.MONTH))
_WEEK_DAYS = 7


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def first_of_month(day: date) -> date:
    return day.replace(day=1)


def next_month(day: date) -> date:
    """The first day of the month after that of ``day``."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


class Span(NamedTuple):
    """``kind`` is one of ``Figures.Span``; ``start`` its first day."""

    kind: str
    start: date

    @classmethod
    def week_of(cls, day: date) -> "Span":
        return cls(WEEK, monday_of(day))

    @classmethod
    def month_of(cls, day: date) -> "Span":
        return cls(MONTH, first_of_month(day))

    @property
    def last(self) -> date:
        """Its last day."""
        if self.kind == MONTH:
            return next_month(self.start) - timedelta(days=1)
        return self.start + timedelta(days=_WEEK_DAYS - 1 if self.kind == WEEK else 0)

    @property
    def is_shared(self) -> bool:
        """Is it a week that two months share? Then people are the same by ``bridge``, not by ``pseudonym``."""
        return self.kind == WEEK and self.start.month != self.last.month

    def days(self) -> Iterator[date]:
        for ordinal in range(self.start.toordinal(), self.last.toordinal() + 1):
            yield date.fromordinal(ordinal)


def spans_with(days: Iterable[date]) -> set[Span]:
    """All spans in which one of these days lies."""
    return {span for day in set(days) for span in (Span(DAY, day), Span.week_of(day), Span.month_of(day))}
