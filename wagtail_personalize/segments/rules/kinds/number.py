"""Numbers: every question is a closed interval on the grid of numbers that the column can hold.

A whole-number column asked for "more than 2.5" is asked for "at least 3", so no database rounds or casts, and what the
column cannot hold at all is above or below everything in it.
"""

from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from math import inf, nextafter
from typing import Any

from django.db.models import DecimalField, Field, FloatField, Q

from ..shapes import as_number
from . import Asked

Number = int | float | Decimal
#: As it stands in a rule: a number, or one written out as text.
Given = int | float | str

_EXACT = Context(prec=100)


def number_q(asked: Asked) -> Q:
    if asked.operator == "is_set":
        return asked.target.some(Q())
    low, high = held(asked.target.field, *interval(asked.target.field, asked.operator, asked.value))
    if low is not None and high is not None and low > high:
        return Q(pk__in=[])
    bounds = {f"{asked.target.path}__gte": low, f"{asked.target.path}__lte": high}
    return asked.target.some(Q(**{lookup: number for lookup, number in bounds.items() if number is not None}))


def interval(field: Field, operator: str, value: Any) -> tuple[Number | None, Number | None]:
    """The least and the largest number of the column that satisfy the operator; ``None`` where there is no bound."""
    match operator:
        case "gt":
            return _above(field, value), None
        case "gte":
            return _up(field, value), None
        case "lt":
            return None, _below(field, value)
        case "lte":
            return None, _down(field, value)
        case "between":
            return _up(field, value[0]), _down(field, value[1])
    return _up(field, value), _down(field, value)


def held(field: Field, low: Number | None, high: Number | None) -> tuple[Number | None, Number | None]:
    """The same interval without bounds that a decimal column has no digits for (low > high: nothing is in it)."""
    if not isinstance(field, DecimalField) or field.max_digits is None:
        return low, high
    largest = _beside(field, Decimal(10) ** (field.max_digits - field.decimal_places), -1)
    if (low is not None and low > largest) or (high is not None and high < -largest):
        return largest, -largest
    return (None if low is None or low < -largest else low), (None if high is None or high > largest else high)


def _up(field: Field, value: Given) -> Number:
    """The least number on the grid that is at least ``value``."""
    return _round(field, value, ROUND_CEILING)


def _down(field: Field, value: Given) -> Number:
    return _round(field, value, ROUND_FLOOR)


def _above(field: Field, value: Given) -> Number:
    """The least number on the grid that is more than ``value``."""
    return nextafter(float(value), inf) if isinstance(field, FloatField) else _beside(field, _down(field, value), 1)


def _below(field: Field, value: Given) -> Number:
    return nextafter(float(value), -inf) if isinstance(field, FloatField) else _beside(field, _up(field, value), -1)


def _beside(field: Field, number: Number, steps: int) -> Number:
    """Another number on the grid."""
    return _EXACT.add(number, steps * _step(field)) if isinstance(field, DecimalField) else number + steps


def _step(field: Field) -> Decimal | int:
    return Decimal(1).scaleb(-(field.decimal_places or 0)) if isinstance(field, DecimalField) else 1


def _round(field: Field, value: Given, rounding: str) -> Number:
    if isinstance(field, FloatField):
        return float(value)
    rounded = as_number(value).quantize(Decimal(_step(field)), rounding, _EXACT)
    return rounded if isinstance(field, DecimalField) else int(rounded)
