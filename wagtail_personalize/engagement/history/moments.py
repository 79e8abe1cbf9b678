"""When something happened, in the many ways in which logs write it."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from wagtail_personalize.people.importing.sources.contract import ImportRefused

_ZONE = r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?\s*$"
_CLOCK = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
)
_BETWEEN = r"(?:[T\s,@:]+|\s+(?:um|at|om)\s+)"
_NUMBERS = re.compile(rf"^(?P<a>\d{{1,4}})[./-](?P<b>\d{{1,2}})[./-](?P<c>\d{{2,4}}){_BETWEEN}{_CLOCK}{_ZONE}")
_DAY_FIRST = re.compile(
    rf"^(?:\w{{2,4}}[.,]*\s+)?(?P<day>\d{{1,2}})[\s./-]+(?P<month>[^\W\d]{{3,10}})[\s.,/-]+(?P<year>\d{{4}}){_BETWEEN}{_CLOCK}{_ZONE}"
)
_MONTH_FIRST = re.compile(
    rf"^(?P<month>[^\W\d]{{3,10}})\.?\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}}){_BETWEEN}{_CLOCK}{_ZONE}"
)
_UNIX = re.compile(r"^(\d{9,10})(?:[.,](\d+))?$|^(\d{12,13})$|^(\d{15,16})$")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan",
            "feb",
            "mar mär mrt maa",
            "apr",
            "may mai mei",
            "jun",
            "jul",
            "aug",
            "sep",
            "oct okt",
            "nov",
            "dec dez",
        ),
        start=1,
    )
    for name in names.split()
}


class Moments:
    """Reads times of one column. Let it ``see`` some first, so that it knows whether days or months come first."""

    def __init__(self, zone: Any, order: str = "") -> None:
        self._zone = zone
        self.order = order

    def see(self, texts: Iterable[str]) -> None:
        """Find out the order of day and month from those that leave no choice."""
        found = {order for text in texts if (order := _order_of(text))}
        if self.order:
            return
        if len(found - {"?"}) > 1 or found == {"?"}:
            raise ImportRefused(
                _("Day and month cannot be told apart. Say time_format = “dmy” or “mdy” in the mapping.")
            )
        self.order = next(iter(found - {"?"}), "dmy")

    def read(self, text: str) -> datetime | None:
        """The moment, with a time zone; ``None`` if this is none."""
        return _read(text.strip().strip("[]"), self.order, self._zone)


def _order_of(text: str) -> str:
    """``dmy``, ``mdy``, ``?`` if both would do, or nothing where there is no question."""
    match = _NUMBERS.match(text.strip().strip("[]"))
    if not match or len(match["a"]) == 4:
        return ""
    if int(match["a"]) > 12:
        return "dmy"
    if int(match["b"]) > 12:
        return "mdy"
    return "" if "." in text[:6] or match["a"] == match["b"] else "?"


@lru_cache(maxsize=20_000)
def _read(text: str, order: str, zone: Any) -> datetime | None:
    try:
        if match := _UNIX.match(text):
            return _unix(match)
        if match := _NUMBERS.match(text):
            return _moment(*_by_numbers(match, order), match, zone)
        if match := _DAY_FIRST.match(text) or _MONTH_FIRST.match(text):
            month = _MONTHS.get(match["month"].casefold()[:3], 0)
            return _moment(int(match["year"]), month, int(match["day"]), match, zone)
        found = datetime.fromisoformat(text)
        return found if found.tzinfo else found.replace(tzinfo=zone)
    except (ValueError, OverflowError):
        return None


def _unix(match: re.Match) -> datetime:
    seconds, part, milli, micro = match.groups()
    if seconds:
        return datetime.fromtimestamp(float(f"{seconds}.{part or 0}"), UTC)
    return datetime.fromtimestamp(int(milli) / 1e3 if milli else int(micro) / 1e6, UTC)


def _by_numbers(match: re.Match, order: str) -> tuple[int, int, int]:
    first, second, third = int(match["a"]), int(match["b"]), int(match["c"])
    if len(match["a"]) == 4:
        return first, second, third
    year = third if len(match["c"]) == 4 else 2000 + third
    return (year, first, second) if order == "mdy" and "." not in match[0][:6] else (year, second, first)


def _moment(year: int, month: int, day: int, match: re.Match, zone: Any) -> datetime:
    hour = int(match["hour"])
    if half := match["half"]:
        hour = hour % 12 + (12 if half.lower().startswith("p") else 0)
    part = int((match["part"] or "0").ljust(6, "0")[:6])
    clock = hour, int(match["minute"]), int(match["second"] or 0), part
    return datetime(year, month, day, *clock, tzinfo=_offset(match["zone"]) or zone)


def _offset(text: str | None) -> Any:
    if not text:
        return None
    if text in ("Z", "UTC", "GMT"):
        return UTC
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)
