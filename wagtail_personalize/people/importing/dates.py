"""Dates in the formats of HR systems: one format per column, found out from the column itself."""

import re
from collections import Counter
from datetime import date, datetime
from functools import lru_cache

from django.utils.translation import gettext as _

from .sources.contract import ImportRefused

#: What is recognised, and how people write it.
FORMATS = {
    "%Y-%m-%d": "yyyy-mm-dd",
    "%d.%m.%Y": "dd.mm.yyyy",
    "%d/%m/%Y": "dd/mm/yyyy",
    "%m/%d/%Y": "mm/dd/yyyy",
    "%Y/%m/%d": "yyyy/mm/dd",
    "%d-%m-%Y": "dd-mm-yyyy",
    "%m-%d-%Y": "mm-dd-yyyy",
    "%Y.%m.%d": "yyyy.mm.dd",
    "%Y%m%d": "yyyymmdd",
}
_TIME_OF_DAY = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?(Z|[+-]\d{2}:?\d{2})?$")


@lru_cache(maxsize=50_000)
def parse_date(text: str, format: str) -> date | None:
    """The day that ``text`` names in this format (a time of day behind it is ignored), or ``None``.

    A format without a year, for birthdays, gives the day in the leap year 2000.
    """
    year = "" if "%Y" in format or "%y" in format else "2000 "
    for candidate in (text, _TIME_OF_DAY.sub("", text)):
        try:
            return datetime.strptime(year + candidate, ("%Y " if year else "") + format).date()
        except ValueError:
            continue
    return None


def checked_format(format: str) -> str:
    """``format`` itself when Python can read dates with it; refuses others."""
    day = date(2000, 2, 29)
    if parse_date(day.strftime(format), format) != day:
        raise ImportRefused(
            _("“%(format)s” is not a date format. Examples: %%Y-%%m-%%d, %%d.%%m.%%Y.") % {"format": format}
        )
    return format


@lru_cache(maxsize=10_000)
def _fitting(text: str) -> tuple[str, ...]:
    return tuple(format for format in FORMATS if format[2] in ("%", *text) and parse_date(text, format))


class DateFormats:
    """Learns the date format of each column from its values; call ``see`` for each, then ``decide``."""

    def __init__(self) -> None:
        self._votes: dict[str, Counter[str]] = {}

    def see(self, column: str, text: str) -> None:
        """Count the formats that this value could have."""
        if text:
            self._votes.setdefault(column, Counter()).update(_fitting(text))

    def decide(self) -> dict[str, str]:
        """The format of each column that holds dates; refuses when day and month cannot be told apart."""
        pooled = sum(self._votes.values(), Counter())
        return {column: self._best(column, votes, pooled) for column, votes in self._votes.items() if votes}

    def _best(self, column: str, votes: Counter[str], pooled: Counter[str]) -> str:
        most = max(votes.values())
        best = [format for format in FORMATS if votes[format] == most]
        if len(best) > 1:
            most = max(pooled[format] for format in best)
            best = [format for format in best if pooled[format] == most]
        if len(best) > 1:
            raise ImportRefused(
                _("In the column “%(column)s” day and month cannot be told apart. State the date format: %(formats)s.")
                % {"column": column, "formats": _(" or ").join(best)}
            )
        return best[0]
