"""Calendar arithmetic of date conditions: pure functions over local days.

* "N months ago" on a day that the month lacks is the month's last day; years are twelve months.
* 29 February counts as 28 February in other years, so an anniversary is in every year.
* Results outside of what ``date`` can hold are its first or last day.
"""

from calendar import isleap, monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

UNITS = ("days", "weeks", "months", "years")


def ago(day: date, amount: int, unit: str) -> date:
    """The day that lies ``amount`` of ``unit`` before ``day``."""
    return ahead(day, -amount, unit)


def ahead(day: date, amount: int, unit: str) -> date:
    """The day that lies ``amount`` of ``unit`` after ``day``."""
    match unit:
        case "days":
            return _shift_days(day, amount)
        case "weeks":
            return _shift_days(day, 7 * amount)
        case "months":
            return _shift_months(day, amount)
        case "years":
            return _shift_months(day, 12 * amount)
    raise ValueError(f"{unit!r} is no unit of time; use one of {', '.join(UNITS)}.")


def months_ago(day: date, months: int) -> date:
    """The same day of the month so many months before, or that month's last day."""
    return _shift_months(day, -months)


def years_ago(day: date, years: int) -> date:
    """The same day so many years before; 28 February for 29 February where the year has none."""
    return _shift_months(day, -12 * years)


def anniversary(day: date, year: int) -> date:
    """When ``day`` comes round in ``year``."""
    if day.month == 2 and day.day == 29 and not isleap(year):
        return date(year, 2, 28)
    return day.replace(year=year)


class DaysOfYear(NamedTuple):
    """The days from ``first`` to ``last``, both (month, day), as they are in ``year``.

    A date comes round in them exactly when its own month and day lie between the two: where ``year`` has no
    29 February, a ``last`` of 28 February is given as the 29th.
    """

    year: int
    first: tuple[int, int]
    last: tuple[int, int]

    def in_year(self, year: int) -> tuple[date, date]:
        """The first and the last day of another year that come round in these days (first > last: none)."""
        lacks = (2, 29) if not isleap(year) else None
        first = (3, 1) if self.first == lacks else self.first
        last = (2, 28) if self.last == lacks else self.last
        return date(year, *first), date(year, *last)


def days_of_years(first: date, last: date) -> Iterator[DaysOfYear]:
    """The window from ``first`` to ``last``, both included, cut at the ends of years."""
    for year in range(first.year, last.year + 1):
        begin = max(first, date(year, 1, 1))
        end = min(last, date(year, 12, 31))
        end_day = 29 if (end.month, end.day) == (2, 28) and not isleap(year) else end.day
        yield DaysOfYear(year, (begin.month, begin.day), (end.month, end_day))


def _shift_days(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def _shift_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    if not date.min.year <= year <= date.max.year:
        return date.max if months > 0 else date.min
    return date(year, month, min(day.day, monthrange(year, month)[1]))
