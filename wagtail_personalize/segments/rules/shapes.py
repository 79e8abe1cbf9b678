"""Checks that a stored value has the shape that its operator takes; every check survives any JSON."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from wagtail_personalize.people.folding import fold

from .calendar import UNITS
from .operators import Shape

MOST_VALUES = 200
LONGEST_TEXT = 1000
#: Within these numbers every database compares exactly.
LARGEST_NUMBER = 10**15
#: Years that every database can store, in any time zone.
YEARS = range(1000, 3000)
#: An anniversary window is at most a year, everything else at most a century.
MOST_OF_UNIT = {"days": 36_525, "weeks": 5_218, "months": 1_200, "years": 100}
MOST_TO_ANNIVERSARY = {"days": 365, "weeks": 52, "months": 12, "years": 1}

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
#: Digits as rules are stored, not as a language writes them: "1.5" and never "1,5".
_WRITTEN_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Condition = Mapping[str, Any]


def problems_of_value(shape: Shape, condition: Condition) -> Iterator[str]:
    """Sentences that say what is wrong with the value of a condition (and with its unit or depth)."""
    if shape != Shape.NONE and condition.get("value") in (None, "", []):
        yield _("A value is missing.")
    elif sentence := _CHECKS[shape](condition):
        yield sentence


def is_storable(text: str) -> bool:
    """Can every database hold and compare this text?"""
    return not _UNSTORABLE.search(text)


def as_day(value: Any) -> date | None:
    """The day that an ISO text names, or ``None``."""
    try:
        day = date.fromisoformat(value) if isinstance(value, str) and _ISO_DAY.fullmatch(value) else None
    except ValueError:
        return None
    return day if day and day.year in YEARS else None


def is_key(value: Any) -> bool:
    """Can it be the key of a linked object?"""
    return _key(value) is None


def is_number(value: Any) -> bool:
    """Is it a finite number (true and false are none) that all databases compare exactly?"""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) and abs(value) <= LARGEST_NUMBER if isinstance(value, float) else _is_small(value)


def as_number(value: Any) -> Decimal | None:
    """The number that stands in a rule, as such or written out ("2.5"), exactly; or ``None``."""
    if isinstance(value, str):
        number = Decimal(value) if _WRITTEN_NUMBER.fullmatch(value) else None
    else:
        number = Decimal(repr(value)) if is_number(value) else None
    return number if number is not None and _is_small(number) else None


def _is_small(value: int | Decimal) -> bool:
    return -LARGEST_NUMBER <= value <= LARGEST_NUMBER


def _none(condition: Condition) -> str | None:
    return _("This operator takes no value.") if "value" in condition else None


def _text(value: Any) -> str | None:
    if not isinstance(value, str):
        return _("The value must be text.")
    if len(value) > LONGEST_TEXT:
        return _("The text is too long: at most %(number)d characters.") % {"number": LONGEST_TEXT}
    if not is_storable(value):
        return _("The text contains characters that cannot be stored.")
    return None if fold(value) else _("A value is missing.")


def _key(value: Any) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return None if _is_small(value) else _("The number is too large.")
    if isinstance(value, str) and not value:
        return _("A value is missing.")
    if isinstance(value, str) and len(value) <= LONGEST_TEXT and is_storable(value):
        return None
    return _("Choose something from the list.")


def _number(value: Any) -> str | None:
    return (
        None
        if as_number(value) is not None
        else _("The value must be a number, not larger than 1,000,000,000,000,000.")
    )


def _day(value: Any) -> str | None:
    return None if as_day(value) else _("The value must be a date, such as 2026-05-31.")


def _boolean(value: Any) -> str | None:
    return None if isinstance(value, bool) else _("The value must be yes or no.")


def _value(check: Callable[[Any], str | None]) -> Callable[[Condition], str | None]:
    return lambda condition: check(condition["value"])


def _values(check: Callable[[Any], str | None]) -> Callable[[Condition], str | None]:
    def check_list(condition: Condition) -> str | None:
        values = condition["value"]
        if not isinstance(values, list):
            return _("The value must be a list.")
        if len(values) > MOST_VALUES:
            return _("There are too many values: at most %(number)d.") % {"number": MOST_VALUES}
        return next((sentence for value in values if (sentence := check(value))), None)

    return check_list


def _range(check: Callable[[Any], str | None], read: Callable[[Any], Any]) -> Callable[[Condition], str | None]:
    def check_range(condition: Condition) -> str | None:
        ends = condition["value"]
        if not isinstance(ends, list) or len(ends) != 2:
            return _("Give two values: from and to.")
        if sentence := check(ends[0]) or check(ends[1]):
            return sentence
        return _("The first value must not be larger than the second.") if read(ends[0]) > read(ends[1]) else None

    return check_range


def _amount(condition: Condition) -> str | None:
    amount, unit = condition["value"], condition.get("unit")
    if not isinstance(unit, str) or unit not in UNITS:
        return _("Choose days, weeks, months or years.")
    if isinstance(amount, bool) or not isinstance(amount, int) or amount < 0:
        return _("The value must be a whole number, 0 or more.")
    most = (MOST_TO_ANNIVERSARY if condition.get("operator") == "anniversary_within" else MOST_OF_UNIT)[unit]
    return _("The number is too large: at most %(number)d.") % {"number": most} if amount > most else None


def _person(condition: Condition) -> str | None:
    if condition.get("depth", "any") not in ("direct", "any"):
        return _("Choose “directly” or “directly or over others”.")
    return _key(condition["value"])


_CHECKS: dict[Shape, Callable[[Condition], str | None]] = {
    Shape.NONE: _none,
    Shape.TEXT: _value(_text),
    Shape.TEXTS: _values(_text),
    Shape.CHOICE: _value(_text),
    Shape.CHOICES: _values(_text),
    Shape.NUMBER: _value(_number),
    Shape.NUMBER_RANGE: _range(_number, as_number),
    Shape.DATE: _value(_day),
    Shape.DATE_RANGE: _range(_day, as_day),
    Shape.AMOUNT: _amount,
    Shape.BOOLEAN: _value(_boolean),
    Shape.KEY: _value(_key),
    Shape.KEYS: _values(_key),
    Shape.SEGMENT: _value(_text),
    Shape.GROUP: _value(_text),
    Shape.PERSON: _person,
}
