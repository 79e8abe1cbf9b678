"""One condition, answered from values in Python: the same answers as ``rules/kinds`` compile, without a database row.

Each function takes the positive operator, the condition and all values of the attribute, and says whether some value
satisfies it. Limits come from the very functions that the ``Q`` is made of; a test holds the two equal.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import DateTimeField, Field
from django.utils import timezone

from wagtail_personalize.people.attributes import Attribute
from wagtail_personalize.people.folding import fold

from ..rules.kinds.date import YEARS_BACK, span
from ..rules.kinds.in_memory import coming_round, within
from ..rules.kinds.number import held, interval


@dataclass(frozen=True)
class Question:
    """One condition on one attribute of one person."""

    attribute: Attribute
    field: Field
    operator: str
    condition: Mapping[str, Any]
    values: list[Any]
    #: Natural keys of the nodes at or above the person's, for trees.
    above: Callable[[], set[str]]
    today: date

    @property
    def asked(self) -> list[Any]:
        value = self.condition.get("value")
        return value if isinstance(value, list) else [value]


def satisfies(question: Question) -> bool:
    """Does one of the values satisfy the condition?"""
    return _BY_KIND[question.attribute.kind](question)


def _text(question: Question) -> bool:
    has = {folded for value in question.values if (folded := fold(str(value)))}
    match question.operator:
        case "is_set":
            return bool(has)
        case "contains":
            return any(fold(question.condition["value"]) in text for text in has)
        case "starts_with":
            return any(text.startswith(fold(question.condition["value"])) for text in has)
    return not has.isdisjoint(fold(str(text)) for text in question.asked)


def _number(question: Question) -> bool:
    numbers = [question.field.to_python(value) for value in question.values]
    if question.operator == "is_set":
        return bool(numbers)
    limits = interval(question.field, question.operator, question.condition["value"])
    return any(map(within(*held(question.field, *limits)), numbers))


def _date(question: Question) -> bool:
    days = [as_local_day(value) for value in question.values]
    if question.operator == "is_set":
        return bool(days)
    if question.operator == "anniversary_within":
        return any(map(_coming_round(question), days))
    return any(map(within(*span(question.operator, question.condition, question.today)), days))


def _coming_round(question: Question) -> Callable[[date], bool]:
    years_back = YEARS_BACK if isinstance(question.field, DateTimeField) else None
    yearless = question.attribute.yearless
    return coming_round(question.condition, question.today, yearless=yearless, years_back=years_back)


def _yes_no(question: Question) -> bool:
    return bool(question.values) if question.operator == "is_set" else question.condition["value"] in question.values


def _link(question: Question) -> bool:
    if question.operator == "is_set":
        return bool(question.values)
    has = question.above() if question.operator == "is_under" else {str(key) for key in question.values}
    return not has.isdisjoint(str(key) for key in question.asked)


def _many(question: Question) -> bool:
    as_name = str if question.field.is_relation else lambda text: fold(str(text))
    has, asked = {as_name(value) for value in question.values} - {""}, {as_name(key) for key in question.asked}
    match question.operator:
        case "is_set":
            return bool(has)
        case "has_all":
            return asked <= has
    return not has.isdisjoint(asked)


def as_local_day(value: Any) -> date:
    """A day in the form of rules; a moment counts as its day in the site's time zone."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if isinstance(moment, datetime):
        return timezone.localtime(moment).date() if timezone.is_aware(moment) else moment.date()
    return moment


_BY_KIND: Mapping[str, Callable[[Question], bool]] = {
    "text": _text,
    "choice": _text,
    "number": _number,
    "date": _date,
    "yes_no": _yes_no,
    "link": _link,
    "tree": _link,
    "many": _many,
}
