"""What a value in Python satisfies, from the same limits that a ``Q`` is made of.

For whoever answers conditions without asking the database: the ``accelerator`` for everybody at once, ``personas`` for
people who are invented.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from ..calendar import ahead, days_of_years

Limit = int | float | Decimal | date | None


def within(low: Limit, high: Limit) -> Callable[[Any], bool]:
    """Is a value between these, both included? Each may be missing."""
    if low is None:
        return (lambda value: True) if high is None else (lambda value: value <= high)
    return (lambda value: low <= value) if high is None else (lambda value: low <= value <= high)


def coming_round(
    condition: Mapping[str, Any], today: date, *, yearless: bool, years_back: int | None = None
) -> Callable[[date], bool]:
    """Does a day come round as the condition says? Of those further back than ``years_back``, none does."""
    windows = list(days_of_years(today, ahead(today, condition["value"], condition["unit"])))

    def is_in(window: Any, day: date) -> bool:
        if not window.first <= (day.month, day.day) <= window.last:
            return False
        if years_back is not None and day.year < window.year - years_back:
            return False
        return yearless or day.year < window.year

    return lambda day: any(is_in(window, day) for window in windows)
