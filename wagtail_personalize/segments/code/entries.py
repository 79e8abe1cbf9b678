"""The form of one segment in a file: which keys it may have, and what stands behind each."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_unicode_slug
from django.utils.translation import gettext as _

from ..rules.schema import shorten
from ..rules.shapes import MOST_VALUES, is_storable
from .form import LISTS

LONGEST_NAME, LONGEST_CATEGORY, LONGEST_DESCRIPTION = 150, 100, 1_000_000
#: Key of an entry → must it be there?
KEYS: Mapping[str, bool] = {"name": True, "slug": True, "rule": True} | dict.fromkeys(
    ["uuid", "description", "category", "live", *LISTS], False
)


def faults_of(entry: dict[str, Any]) -> Iterator[str]:
    """Sentences on what is wrong with the form of an entry."""
    if unknown := sorted(set(entry) - KEYS.keys()):
        yield _("There are unknown parts: %(names)s.") % {"names": ", ".join(map(shorten, unknown[:5]))}
    if missing := [name for name, required in KEYS.items() if required and name not in entry]:
        yield _("There is no %(names)s.") % {"names": ", ".join(missing)}
    for name in KEYS.keys() & entry.keys():
        if sentence := _CHECKS[name](entry[name]):
            yield f"{name}: {sentence}"


def _text(longest: int, *, empty: bool = False) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if not isinstance(value, str):
            return _("The value must be text.")
        if len(value) > longest:
            return _("The text is too long: at most %(number)d characters.") % {"number": longest}
        if not is_storable(value):
            return _("The text contains characters that cannot be stored.")
        return "" if empty or value.strip() else _("A value is missing.")

    return check


def _slug(value: Any) -> str:
    if sentence := _text(LONGEST_NAME)(value):
        return sentence
    try:
        validate_unicode_slug(value)
    except ValidationError:
        return _("A short name has letters, digits, hyphens and underscores only.")
    return ""


def _uuid(value: Any) -> str:
    try:
        return "" if isinstance(value, str) and str(UUID(value)) == value.lower() else _("This is no UUID.")
    except ValueError:
        return _("This is no UUID.")


def _people(value: Any) -> str:
    if not isinstance(value, list) or len(value) > 100 * MOST_VALUES:
        return _("The value must be a list.")
    return next((sentence for each in value if (sentence := _text(LONGEST_NAME)(each))), "")


_CHECKS: Mapping[str, Callable[[Any], str]] = {
    "name": _text(LONGEST_NAME),
    "slug": _slug,
    "uuid": _uuid,
    "description": _text(LONGEST_DESCRIPTION, empty=True),
    "category": lambda value: "" if value is None else _text(LONGEST_CATEGORY)(value),
    "live": lambda value: "" if isinstance(value, bool) else _("The value must be yes or no."),
    "rule": lambda value: "" if isinstance(value, dict) else _("A rule must be an object."),
    **dict.fromkeys(LISTS, _people),
}
