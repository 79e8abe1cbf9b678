"""Which operators each kind of attribute offers, what value they take, and how they read.

An operator that ``negates`` another one is true exactly when the other is false. So a missing value, which satisfies
no plain operator, satisfies every negation, and nothing else has to be said about missing values anywhere.

What each operator means exactly stands in ``docs/reference/operators.md``, which a test holds against this registry.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from wagtail_personalize.people.attributes import Attribute


class Shape(StrEnum):
    """What stands in ``value`` (and beside it) of a condition."""

    NONE = "none"  #: no value at all
    TEXT = "text"  #: free text
    TEXTS = "texts"  #: a list of free texts
    CHOICE = "choice"  #: one of the values that occur
    CHOICES = "choices"  #: a list of values that occur
    NUMBER = "number"
    NUMBER_RANGE = "number_range"  #: [from, to], both included
    DATE = "date"  #: "2026-05-31"
    DATE_RANGE = "date_range"  #: [from, to], both included
    AMOUNT = "amount"  #: a whole number in ``value``, days | weeks | months | years in ``unit``
    BOOLEAN = "boolean"
    KEY = "key"  #: the key of a linked object
    KEYS = "keys"  #: a list of keys of linked objects
    SEGMENT = "segment"  #: the short name of a segment
    GROUP = "group"  #: the name of a Django group
    PERSON = "person"  #: a staff number, login name or user key; direct | any in ``depth``


@dataclass(frozen=True)
class Operator:
    """One way to ask about an attribute. ``label`` stands in menus, ``phrase`` in sentences."""

    name: str
    label: Any
    shape: Shape
    phrase: Any
    negates: str | None = None
    #: Are several values asked for together ("A and B") rather than any of them ("A or B")?
    together: bool = False

    @property
    def missing(self) -> bool:
        """Does a person whose value is missing satisfy it?"""
        return self.negates is not None

    @property
    def positive(self) -> str:
        """The operator that has to be computed: itself, or the one that it negates."""
        return self.negates or self.name


def _operators(*operators: Operator) -> Mapping[str, Operator]:
    return {operator.name: operator for operator in operators}


_IS_SET = (
    Operator("is_empty", _("is empty"), Shape.NONE, _("%(attribute)s is empty"), negates="is_set"),
    Operator("is_set", _("is set"), Shape.NONE, _("%(attribute)s is set")),
)


def _is(one: Shape, several: Shape) -> tuple[Operator, ...]:
    return (
        Operator("is", _("is"), one, _("%(attribute)s is %(value)s")),
        Operator("is_not", _("is not"), one, _("%(attribute)s is not %(value)s"), negates="is"),
        Operator("is_one_of", _("is one of"), several, _("%(attribute)s is %(value)s")),
        Operator("is_none_of", _("is none of"), several, _("%(attribute)s is none of %(value)s"), negates="is_one_of"),
    )


_PARTS_OF_TEXT = (
    Operator("contains", _("contains"), Shape.TEXT, _("%(attribute)s contains %(value)s")),
    Operator(
        "does_not_contain",
        _("does not contain"),
        Shape.TEXT,
        _("%(attribute)s does not contain %(value)s"),
        negates="contains",
    ),
    Operator("starts_with", _("starts with"), Shape.TEXT, _("%(attribute)s starts with %(value)s")),
    Operator(
        "does_not_start_with",
        _("does not start with"),
        Shape.TEXT,
        _("%(attribute)s does not start with %(value)s"),
        negates="starts_with",
    ),
)


def _between(shape: Shape) -> tuple[Operator, ...]:
    return (
        Operator("between", _("is between"), shape, _("%(attribute)s is between %(value)s")),
        Operator(
            "is_not_between",
            _("is not between"),
            shape,
            _("%(attribute)s is not between %(value)s"),
            negates="between",
        ),
    )


_ANNIVERSARY = Operator(
    "anniversary_within",
    _("comes round within the next"),
    Shape.AMOUNT,
    _("%(attribute)s comes round within the next %(value)s"),
)

_NUMBER = _operators(
    Operator("is", _("is"), Shape.NUMBER, _("%(attribute)s is %(value)s")),
    Operator("is_not", _("is not"), Shape.NUMBER, _("%(attribute)s is not %(value)s"), negates="is"),
    Operator("lt", _("is less than"), Shape.NUMBER, _("%(attribute)s is less than %(value)s")),
    Operator("lte", _("is at most"), Shape.NUMBER, _("%(attribute)s is at most %(value)s")),
    Operator("gt", _("is more than"), Shape.NUMBER, _("%(attribute)s is more than %(value)s")),
    Operator("gte", _("is at least"), Shape.NUMBER, _("%(attribute)s is at least %(value)s")),
    *_between(Shape.NUMBER_RANGE),
    *_IS_SET,
)

_DATE = _operators(
    Operator("on", _("is on"), Shape.DATE, _("%(attribute)s is on %(value)s")),
    Operator("is_not_on", _("is not on"), Shape.DATE, _("%(attribute)s is not on %(value)s"), negates="on"),
    Operator("before", _("is before"), Shape.DATE, _("%(attribute)s is before %(value)s")),
    Operator("after", _("is after"), Shape.DATE, _("%(attribute)s is after %(value)s")),
    *_between(Shape.DATE_RANGE),
    Operator("in_the_last", _("is in the last"), Shape.AMOUNT, _("%(attribute)s is in the last %(value)s")),
    Operator(
        "more_than_ago",
        _("is longer ago than"),
        Shape.AMOUNT,
        _("%(attribute)s is more than %(value)s ago"),
    ),
    Operator("in_the_next", _("is in the next"), Shape.AMOUNT, _("%(attribute)s is in the next %(value)s")),
    _ANNIVERSARY,
    *_IS_SET,
)

_TREE = _operators(
    *_is(Shape.KEY, Shape.KEYS),
    Operator("is_under", _("is or is below"), Shape.KEYS, _("%(attribute)s is or is below %(value)s")),
    Operator(
        "is_not_under",
        _("is not and is not below"),
        Shape.KEYS,
        _("%(attribute)s is not and is not below %(value)s"),
        negates="is_under",
    ),
    *_IS_SET,
)

_MANY = _operators(
    Operator("has_any", _("has any of"), Shape.KEYS, _("%(attribute)s include %(value)s")),
    Operator("has_all", _("has all of"), Shape.KEYS, _("%(attribute)s include %(value)s"), together=True),
    Operator("has_none", _("has none of"), Shape.KEYS, _("%(attribute)s include none of %(value)s"), negates="has_any"),
    *_IS_SET,
)

_YES_NO = _operators(
    Operator("is", _("is"), Shape.BOOLEAN, _("%(attribute)s: %(value)s")),
    Operator("is_not", _("is not"), Shape.BOOLEAN, _("%(attribute)s is not: %(value)s"), negates="is"),
    *_IS_SET,
)

#: kind of attribute → operators by name, in the order of menus. ``yearless`` stands for dates kept without a year.
OPERATORS: Mapping[str, Mapping[str, Operator]] = {
    "text": _operators(*_is(Shape.TEXT, Shape.TEXTS), *_PARTS_OF_TEXT, *_IS_SET),
    "choice": _operators(*_is(Shape.CHOICE, Shape.CHOICES), *_PARTS_OF_TEXT, *_IS_SET),
    "number": _NUMBER,
    "date": _DATE,
    "yearless": _operators(_ANNIVERSARY, *_IS_SET),
    "yes_no": _YES_NO,
    "link": _operators(*_is(Shape.KEY, Shape.KEYS), *_IS_SET),
    "tree": _TREE,
    "many": _MANY,
}

#: Operators whose answer can change with the day.
DATED = frozenset({"in_the_last", "more_than_ago", "in_the_next", "anniversary_within"})


def operators_for(attribute: Attribute) -> Mapping[str, Operator]:
    """The operators that a condition on this attribute may use, by name."""
    return OPERATORS["yearless" if getattr(attribute, "yearless", False) else attribute.kind]
