"""Birthdays without a year: nobody's age is anybody's business.

They are kept in the leap year 2000, so that 29 February has a place. ``BirthdayField`` is for models,
``DayAndMonthField`` asks for it in a form.
"""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

#: A leap year, so that every day of every year can be kept.
YEAR = 2000


def without_year(day: date | None) -> date | None:
    """The same day in the year 2000."""
    return None if day is None else date(YEAR, day.month, day.day)


class DayAndMonthInput(forms.MultiWidget):
    """A number for the day and a list of months."""

    template_name = "wagtail_personalize/people/widgets/day_and_month.html"
    use_fieldset = True

    def __init__(self, attrs: dict | None = None) -> None:
        day = forms.NumberInput({"min": 1, "max": 31, "inputmode": "numeric", "aria-label": _("Day")})
        month = forms.Select({"aria-label": _("Month")}, choices=[("", _("Month")), *MONTHS.items()])
        super().__init__([day, month], attrs)

    def decompress(self, value: date | str | None) -> list[int | None]:
        if isinstance(value, str):
            value = parse_day(value)
        return [value.day, value.month] if value else [None, None]


class DayAndMonthField(forms.MultiValueField):
    """Asks for a day and a month and yields that day in the year 2000."""

    widget = DayAndMonthInput
    default_error_messages = {
        "incomplete": _("Give both the day and the month, or neither."),
        "no_such_day": _("That month does not have so many days."),
    }

    def __init__(self, **kwargs: Any) -> None:
        fields = (
            forms.IntegerField(min_value=1, max_value=31, required=False),
            forms.TypedChoiceField(choices=[("", ""), *MONTHS.items()], coerce=int, empty_value=None, required=False),
        )
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, values: list[int | None]) -> date | None:
        day, month = values or (None, None)
        if day is None and month is None:
            return None
        if day is None or month is None:
            raise ValidationError(self.error_messages["incomplete"], code="incomplete")
        try:
            return date(YEAR, month, day)
        except ValueError:
            raise ValidationError(self.error_messages["no_such_day"], code="no_such_day") from None


class BirthdayField(models.DateField):
    """A date that forgets its year whenever it is written."""

    description = _("Day and month")

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)
        if isinstance(value, date):
            value = without_year(value)
            setattr(model_instance, self.attname, value)
        return value

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if not hasattr(value, "resolve_expression"):
            value = without_year(self.to_python(value))
        return super().get_db_prep_save(value, connection)

    def formfield(self, **kwargs: Any) -> Any:
        kwargs.pop("widget", None)
        return models.Field.formfield(self, form_class=DayAndMonthField, **kwargs)


def parse_day(text: str) -> date | None:
    """The day of an ISO date, or ``None``."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
