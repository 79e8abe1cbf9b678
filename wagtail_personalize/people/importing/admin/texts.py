"""Small tables as people type them: a line for each entry, ``left = right``."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def parse_table(text: str) -> dict[str, str]:
    """The entries; a line without "=" is a ``ValidationError``."""
    found = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        left, sign, right = line.partition(" = ") if " = " in line else line.partition("=")
        if not sign:
            raise ValidationError(_("Put “=” between the two sides: %(line)s") % {"line": line[:60]})
        found[left.strip()] = right.strip()
    return found


def show_table(table: Mapping[str, Any]) -> str:
    """The same as text."""
    return "\n".join(f"{left} = {shown_value(right)}".strip() for left, right in table.items())


def shown_value(value: Any) -> str:
    """A value of a mapping file as it is typed into a form."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def same_table(typed: Mapping[str, str], stored: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was typed; the stored table with its types when nobody changed it."""
    unchanged = typed == {left: shown_value(right) for left, right in stored.items()}
    return stored if unchanged else typed
