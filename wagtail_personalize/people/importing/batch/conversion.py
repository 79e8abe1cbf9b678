"""From the text of a cell to the value of a field. Whatever does not fit is a ``ValidationError`` with a sentence."""

import math
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from wagtail_personalize.people.attributes import Date
from wagtail_personalize.people.folding import fold

from ..dates import parse_date
from ..mapping.rules import ColumnRule
from ..mapping.targets import Target

YES = {"1", "true", "t", "yes", "y", "x", "ja", "j"}
NO = {"0", "false", "f", "no", "n", "nein", "nee"}


def convert(given: Any, target: Target, rule: ColumnRule, date_format: str) -> Any:
    """The value to store for ``given``: a cell's text, or what the mapping's ``values`` put in its place."""
    field = target.field
    if given is None or given == "":
        return empty_value(field)
    value = _prepared(given, target, rule, date_format)
    cleaned = field.clean(value, None)
    if isinstance(cleaned, float) and not math.isfinite(cleaned):
        raise ValidationError(_("“%(value)s” is not a number.") % {"value": shown(given)})
    return cleaned


def empty_value(field: models.Field) -> Any:
    """What "nothing" is in this field; a field that must have a value has none."""
    if field.null:
        return None
    if field.empty_strings_allowed and field.blank:
        return ""
    if field.has_default():
        return field.get_default()
    raise ValidationError(_("A value is needed here."))


def shown(given: Any) -> str:
    """A value as it may stand in a sentence."""
    text = " ".join(str(given).split())
    return text if len(text) <= 60 else text[:59] + "…"


def _prepared(given: Any, target: Target, rule: ColumnRule, date_format: str) -> Any:
    field = target.field
    if not isinstance(given, str):
        return given
    if field.choices:
        return _choice(given, field)
    if isinstance(field, models.BooleanField):
        return _yes_or_no(given)
    if isinstance(field, models.DateField):
        return _day(given, target, date_format)
    if rule.decimal == "," and isinstance(field, models.FloatField | models.DecimalField):
        return given.replace(".", "").replace(",", ".")
    return given


def _choice(given: str, field: models.Field) -> Any:
    """The stored value of a choice, which the file may also name by its label."""
    by_label = {fold(str(label)): value for value, label in field.flatchoices}
    if given in {str(value) for value, _label in field.flatchoices}:
        return given
    return by_label.get(fold(given), given)


def _yes_or_no(given: str) -> bool:
    if given.casefold() in YES:
        return True
    if given.casefold() in NO:
        return False
    raise ValidationError(_("“%(value)s” is neither yes nor no.") % {"value": shown(given)})


def _day(given: str, target: Target, date_format: str) -> date | datetime:
    field = target.field
    if isinstance(field, models.DateTimeField) and (moment := _moment(given)):
        return moment
    day = parse_day(given, date_format)
    if isinstance(target.attribute, Date) and target.attribute.yearless:
        day = day.replace(year=2000)
    return _aware(datetime.combine(day, time())) if isinstance(field, models.DateTimeField) else day


def parse_day(given: str, date_format: str) -> date:
    """The day that a cell names."""
    day = parse_date(given, date_format or "%Y-%m-%d")
    if day is None:
        raise ValidationError(
            _("“%(value)s” is not a date in the format %(format)s.")
            % {
                "value": shown(given),
                "format": date_format or "%Y-%m-%d",
            }
        )
    return day


def _moment(given: str) -> datetime | None:
    try:
        moment = parse_datetime(given)
    except ValueError:
        return None
    return _aware(moment) if moment else None


def _aware(moment: datetime) -> datetime:
    if settings.USE_TZ:
        return timezone.make_aware(moment) if timezone.is_naive(moment) else moment
    return timezone.make_naive(moment) if timezone.is_aware(moment) else moment
