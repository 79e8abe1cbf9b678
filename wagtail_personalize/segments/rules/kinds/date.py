"""Dates: every question is a span of local days; a datetime counts as its day in the site's time zone."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db.models import DateTimeField, F, Q
from django.db.models.lookups import Range
from django.utils import timezone

from ..calendar import DaysOfYear, ago, ahead, days_of_years
from ..targets import Target
from . import Asked
from .functions import InSpans, MonthAndDay

#: How far back anniversaries of a datetime are looked for, which has to be done year by year.
YEARS_BACK = 100


def date_q(asked: Asked) -> Q:
    if asked.operator == "is_set":
        return asked.target.some(Q())
    if asked.operator == "anniversary_within":
        return asked.target.some(_comes_round(asked))
    return asked.target.some(_between(asked.target, *span(asked.operator, asked.condition, asked.today)))


def span(operator: str, condition: Any, today: date) -> tuple[date | None, date | None]:
    """The first and the last day that satisfy the operator; ``None`` where there is no bound."""
    value, unit = condition.get("value"), condition.get("unit")
    match operator:
        case "in_the_last":
            return ago(today, value, unit), today
        case "more_than_ago":
            return None, ahead(ago(today, value, unit), -1, "days")
        case "in_the_next":
            return today, ahead(today, value, unit)
        case "between":
            return date.fromisoformat(value[0]), date.fromisoformat(value[1])
        case "before":
            return None, ahead(date.fromisoformat(value), -1, "days")
        case "after":
            return ahead(date.fromisoformat(value), 1, "days"), None
    return date.fromisoformat(value), date.fromisoformat(value)


def in_days(target: Target, days: Iterable[tuple[date, date]]) -> Iterator[Q]:
    """Conditions on the values of ``target``, one of which holds for those in these days, first and last included."""
    days = list(days)
    single = [first for first, last in days if first == last]
    if single and not isinstance(target.field, DateTimeField):
        yield Q(**{f"{target.path}__in": single})
        days = [(first, last) for first, last in days if first != last]
    yield from (_between(target, first, last) for first, last in days)


def in_rounds(target: Target, days: Iterable[tuple[date, date]]) -> Iterator[Q]:
    """The same for values that come round in these days (in a later year than their own, unless they are yearless)."""
    for first, last in days:
        yield from (_in_window(target, window) for window in days_of_years(first, last))


def _between(target: Target, first: date | None, last: date | None) -> Q:
    if isinstance(target.field, DateTimeField):
        bounds = {"gte": first and _midnight(first), "lt": last and _midnight(last + timedelta(days=1))}
    else:
        bounds = {"gte": first, "lte": last}
    return Q(**{f"{target.path}__{lookup}": bound for lookup, bound in bounds.items() if bound is not None})


def _midnight(day: date) -> datetime:
    """When ``day`` begins in the site's time zone."""
    begin = datetime.combine(day, time.min)
    return begin.replace(tzinfo=timezone.get_default_timezone()) if settings.USE_TZ else begin


def _comes_round(asked: Asked) -> Q:
    """The day comes round in a later year than its own (a yearless one: in any year) from today on."""
    last = ahead(asked.today, asked.value, asked.condition["unit"])
    return reduce(or_, in_rounds(asked.target, [(asked.today, last)]))


def _in_window(target: Target, window: DaysOfYear) -> Q:
    is_datetime = isinstance(target.field, DateTimeField)
    return (_by_earlier_years if is_datetime else _by_month_and_day)(target, window)


def _by_month_and_day(target: Target, window: DaysOfYear) -> Q:
    first, last = (month * 100 + day for month, day in (window.first, window.last))
    q = Q(Range(MonthAndDay(F(target.path)), (first, last)))
    return q if target.attribute.yearless else q & Q(**{f"{target.path}__lt": date(window.year, 1, 1)})


def _by_earlier_years(target: Target, window: DaysOfYear) -> Q:
    """Databases disagree on local days of a datetime, so its anniversaries are spans of time, one for each year."""
    last_year = window.year + 1 if target.attribute.yearless else window.year
    days = (window.in_year(year) for year in range(window.year - YEARS_BACK, last_year))
    spans = [(_midnight(first), _midnight(last + timedelta(days=1))) for first, last in days if first <= last]
    return Q(InSpans(F(target.path), spans))
