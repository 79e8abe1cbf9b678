"""From one JSON object to the cells of a line: ``{"office": {"city": "Ulm"}}`` fills the column ``office.city``.

Numbers keep the digits that the file has. The values of a list become the values of one cell, so a list of objects
gives several values to each path below it.
"""

import json
from typing import Any

from django.utils.translation import gettext as _

#: Objects in objects, and lists in lists.
MAX_DEPTH = 10


class Rejected(Exception):
    """This object cannot be imported; the message says why."""


class Pairs(list):
    """An object: its names and values, also those that occur twice."""


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


decoder = json.JSONDecoder(
    object_pairs_hook=Pairs, parse_float=str, parse_int=str, parse_constant=_refuse_constant, strict=True
)


def flatten(value: Any, depth: int = 0) -> dict[str, list[str]]:
    """Path → values of an object; raises ``Rejected``."""
    if not isinstance(value, Pairs):
        raise Rejected(_("This is no JSON object."))
    found: dict[str, list[str]] = {}
    for name, below in value:
        values = _values(name.strip(), below, depth)
        if twice := found.keys() & values.keys():
            raise Rejected(_("“%(name)s” occurs twice.") % {"name": min(twice)})
        found |= values
    return found


def _values(path: str, value: Any, depth: int) -> dict[str, list[str]]:
    if depth > MAX_DEPTH:
        raise Rejected(_("The values are nested too deeply."))
    if isinstance(value, Pairs):
        return {f"{path}.{name}": texts for name, texts in flatten(value, depth + 1).items()}
    if isinstance(value, list):
        return _several(path, value, depth)
    return {path: [_text(value)]} if path else {}


def _several(path: str, values: list[Any], depth: int) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {} if values else {path: []}
    for value in values:
        for below, texts in _values(path, value, depth + 1).items():
            found.setdefault(below, []).extend(texts)
    return found


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else value


def why_invalid(error: Exception) -> str:
    """A sentence for what Python says about a text that is no JSON."""
    if isinstance(error, RecursionError):
        return _("The values are nested too deeply.")
    return _("This is no valid JSON: %(error)s.") % {"error": getattr(error, "msg", error)}
