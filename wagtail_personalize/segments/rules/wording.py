"""The small words of sentences: lists, amounts, days and numbers, and what stands for a value that is not there."""

from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .schema import shorten
from .shapes import as_day, is_number

#: So many values are listed, the others counted.
MOST_LISTED = 10


def enumerated(values: list[str], together: bool = False) -> str:
    """“A, B or C” (``together``: “A, B and C”), and how many more."""
    if not values:
        return missing()
    shown = values[:MOST_LISTED]
    if more := len(values) - len(shown):
        shown.append(ngettext("%(number)d more", "%(number)d more", more) % {"number": more})
    if len(shown) == 1:
        return shown[0]
    text = _("%(values)s and %(last)s") if together else _("%(values)s or %(last)s")
    return text % {"values": ", ".join(shown[:-1]), "last": shown[-1]}


def amount(number: Any, unit: Any) -> str:
    """“90 days”."""
    if isinstance(number, bool) or not isinstance(number, int) or not is_number(number):
        return missing()
    match unit:
        case "days":
            text = ngettext("%(number)d day", "%(number)d days", number)
        case "weeks":
            text = ngettext("%(number)d week", "%(number)d weeks", number)
        case "months":
            text = ngettext("%(number)d month", "%(number)d months", number)
        case "years":
            text = ngettext("%(number)d year", "%(number)d years", number)
        case _:
            return missing()
    return text % {"number": number}


def span(ends: list[str]) -> str:
    """“1 and 5” for a range, or the one value."""
    if len(ends) == 2:
        return _("%(first)s and %(last)s") % {"first": ends[0], "last": ends[1]}
    return ends[0] if ends else missing()


def quoted(text: Any) -> str:
    """A free text as it stands in a sentence."""
    return _("“%s”") % shorten(text)


def missing() -> str:
    """What stands where a value should be."""
    return _("(a value is missing)")


def unknown(name: Any) -> str:
    """What stands for something that does not exist."""
    return _("(does not exist: “%(name)s”)") % {"name": shorten(name)}


def listed(value: Any) -> list[Any]:
    """The values of a condition, whether one or several."""
    return value if isinstance(value, list) else [] if value is None else [value]


def plain(value: Any, unit: Any = "") -> str:
    """A day, a number with its unit, or whatever else stands there."""
    if day := as_day(value):
        return formats.date_format(day, "DATE_FORMAT")
    if is_number(value):
        return f"{formats.localize(value, use_l10n=True)} {unit}".strip()
    return shorten(value)
