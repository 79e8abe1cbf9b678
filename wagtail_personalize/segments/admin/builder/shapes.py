"""Which fields a value of each shape is entered in, and how the value goes into them and comes out again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ...rules.operators import Shape

Fields = dict[str, Any]
Said = dict[str, Any]


@dataclass(frozen=True)
class Form:
    """The fields of one shape of value: their names, and the way in and out.

    ``fill`` makes the fields of a stored condition; ``read`` makes what the condition says of the fields.
    """

    fields: tuple[str, ...]
    fill: Callable[[Mapping[str, Any]], Fields]
    read: Callable[[Fields], Said]
    #: How many values its picker takes; 0 for any number.
    limit: int = 0


def form_of(shape: Shape) -> Form:
    """The form for values of this shape."""
    return FORMS[shape]


def _first_or_all(values: list[Any] | None) -> Any:
    """The one value; several are left as they are, so that checking the rule finds them."""
    return values[0] if values and len(values) == 1 else values or None


def _alone(condition: Mapping[str, Any]) -> list[Any]:
    value = condition.get("value")
    return [] if value is None else [value]


def _listed(condition: Mapping[str, Any]) -> list[Any]:
    value = condition.get("value")
    return value if isinstance(value, list) else []


def _end(condition: Mapping[str, Any], position: int) -> Any:
    ends = _listed(condition)
    return ends[position] if len(ends) == 2 else None


def _range_of(first: str, last: str) -> Form:
    return Form(
        (first, last),
        lambda condition: {first: _end(condition, 0), last: _end(condition, 1)},
        lambda fields: {"value": _range(fields.get(first), fields.get(last))},
    )


def _range(first: Any, last: Any) -> list[Any] | None:
    return None if first is None and last is None else [first, last]


def _single(field: str) -> Form:
    return Form(
        (field,), lambda condition: {field: condition.get("value")}, lambda fields: {"value": fields.get(field)}
    )


_NOTHING = Form((), lambda condition: {}, lambda fields: {})
_ONE = Form(
    ("values",),
    lambda condition: {"values": _alone(condition)},
    lambda fields: {"value": _first_or_all(fields.get("values"))},
    limit=1,
)
_SEVERAL = Form(
    ("values",),
    lambda condition: {"values": _listed(condition)},
    lambda fields: {"value": fields.get("values") or []},
)
_AMOUNT = Form(
    ("amount", "unit"),
    lambda condition: {"amount": condition.get("value"), "unit": condition.get("unit")},
    lambda fields: {"value": fields.get("amount"), "unit": fields.get("unit")},
)
_ANSWER = Form(
    ("answer",),
    lambda condition: {"answer": {True: "yes", False: "no"}.get(condition.get("value"))},
    lambda fields: {"value": {"yes": True, "no": False}.get(fields.get("answer"))},
)
_PERSON = Form(
    ("values", "depth"),
    lambda condition: {"values": _alone(condition), "depth": condition.get("depth", "any")},
    lambda fields: {"value": _first_or_all(fields.get("values")), "depth": fields.get("depth") or "any"},
    limit=1,
)

FORMS: Mapping[Shape, Form] = {
    Shape.NONE: _NOTHING,
    Shape.TEXT: _ONE,
    Shape.TEXTS: _SEVERAL,
    Shape.CHOICE: _ONE,
    Shape.CHOICES: _SEVERAL,
    Shape.NUMBER: _single("number"),
    Shape.NUMBER_RANGE: _range_of("number", "last_number"),
    Shape.DATE: _single("day"),
    Shape.DATE_RANGE: _range_of("day", "last_day"),
    Shape.AMOUNT: _AMOUNT,
    Shape.BOOLEAN: _ANSWER,
    Shape.KEY: _ONE,
    Shape.KEYS: _SEVERAL,
    Shape.SEGMENT: _ONE,
    Shape.GROUP: _ONE,
    Shape.PERSON: _PERSON,
}
