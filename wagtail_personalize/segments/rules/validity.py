"""For how long the answer of a date condition holds.

A condition with an amount, such as *in the last 90 days*, looks through a window whose ends move forward with the day.
So its answer for a value can change only on a day on which an end of the window moves over the value: ``valid_until``
says when that will be for one value, and ``passed`` over which values the ends move from one day to another. They are
two sides of the same: ``passed`` between two days holds a value exactly when ``valid_until`` on the first day is not
after the second. All other conditions on dates hold for ever.

An anniversary comes round again and again; its window moves over the days on which it does.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from .calendar import ahead, anniversary
from .kinds.date import span
from .operators import DATED

#: Days from the first to the last, both included.
Days = tuple[date, date]

_DAY = timedelta(days=1)
#: Further than this from its value no window reaches (see ``shapes.MOST_OF_UNIT``).
_FURTHEST = 37_000


def valid_until(condition: Mapping[str, Any], value: date, today: date, *, yearless: bool = False) -> date | None:
    """The next day after ``today`` on which the answer for ``value`` can change; ``None``: on no day.

    Until the day before, the answer is that of ``today``. A ``yearless`` value comes round in any year.
    """
    if condition["operator"] not in DATED:
        return None
    changes = [
        change
        for day in _looked_for(condition, value, today, yearless)
        for change in _changes(lambda day: window(condition, day), day, today)
    ]
    return min(changes, default=None)


def passed(condition: Mapping[str, Any], since: date, until: date) -> list[Days]:
    """The days over which an end of the window moves from ``since`` to ``until``.

    For an anniversary they are the days on which it comes round, else the days of the values themselves.
    """
    if condition["operator"] not in DATED:
        return []
    (first, last), (later_first, later_last) = window(condition, since), window(condition, until)
    left = [(first, later_first - _DAY)] if first else []
    entered = [(last + _DAY, later_last)] if last else []
    return [days for days in left + entered if days[0] <= days[1]]


def window(condition: Mapping[str, Any], day: date) -> tuple[date | None, date | None]:
    """The first and the last day that the condition looks at on ``day``; ``None`` where there is no end."""
    if condition["operator"] == "anniversary_within":
        return day, ahead(day, condition["value"], condition["unit"])
    return span(condition["operator"], condition, day)


def _looked_for(condition: Mapping[str, Any], value: date, today: date, yearless: bool) -> Iterator[date]:
    """The days that the window may move over: the value, or those on which it comes round."""
    if condition["operator"] != "anniversary_within":
        yield value
        return
    for year in range(today.year, today.year + 3):
        if yearless or year > value.year:
            yield anniversary(value, year)
    if not yearless and value.year >= today.year:
        yield anniversary(value, value.year + 1)


def _changes(ends: Callable[[date], tuple[date | None, date | None]], day: date, today: date) -> Iterator[date]:
    """When, after ``today``, the last and the first end move over ``day``."""
    first, last = ends(today)
    if last and last < day:
        yield from _when(lambda then: ends(then)[1] >= day, day, today)
    if first and first <= day:
        yield from _when(lambda then: ends(then)[0] > day, day, today)


def _when(is_past: Callable[[date], bool], day: date, today: date) -> Iterator[date]:
    """The first day after ``today`` on which it is so; once it is, it stays so."""
    latest = min(max(day, today).toordinal() + _FURTHEST, date.max.toordinal())
    days = range(today.toordinal() + 1, latest + 1)
    found = bisect_left(days, True, key=lambda ordinal: is_past(date.fromordinal(ordinal)))
    if found < len(days):
        yield date.fromordinal(days[found])
