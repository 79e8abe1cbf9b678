"""The small fields that a condition is made of. All may be left empty: checking the rule says what is missing."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from wagtail.blocks import ChoiceBlock, FieldBlock

from .subjects import Subject


class _OptionalFieldBlock(FieldBlock):
    """A field block without an "add comment" button and without an asterisk."""

    def __init__(self, field: forms.Field, **kwargs: Any):
        self.field = field
        self.field.required = False
        self.field.widget.show_add_comment_button = False
        super().__init__(**kwargs)


class NumberBlock(_OptionalFieldBlock):
    """A number; one written without decimals is a whole number."""

    def __init__(self, **kwargs: Any):
        field = forms.DecimalField(max_digits=60, widget=forms.NumberInput(attrs={"step": "any"}))
        super().__init__(field, **kwargs)

    def value_from_form(self, value: Any) -> Any:
        if value in (None, "") or isinstance(value, str):
            return value or None
        return int(value) if value.as_tuple().exponent >= 0 else float(value)


class AmountBlock(_OptionalFieldBlock):
    """How many days, weeks, months or years."""

    def __init__(self, **kwargs: Any):
        super().__init__(forms.IntegerField(min_value=0), **kwargs)


class DayBlock(_OptionalFieldBlock):
    """A calendar day, as ISO text."""

    def __init__(self, **kwargs: Any):
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(forms.DateField(widget=widget, input_formats=["%Y-%m-%d"]), **kwargs)

    def value_from_form(self, value: Any) -> Any:
        return value.isoformat() if hasattr(value, "isoformat") else value or None


class SelectBlock(ChoiceBlock):
    """A menu without an empty entry."""

    def __init__(self, choices: list[Any], default: str, **kwargs: Any):
        super().__init__(choices=choices, default=default, required=True, **kwargs)
        self.field.widget.show_add_comment_button = False


def operator_block(subject: Subject) -> SelectBlock:
    """The menu of a subject's operators: the usual ones first, the others folded away under "More"."""
    labels = {name: label for name, (label, _shape) in subject.operators.items()}
    usual = [(name, labels[name]) for name in subject.usual]
    more = [(name, label) for name, label in labels.items() if name not in subject.usual]
    return SelectBlock([*usual, (_("More"), more)] if more else usual, subject.usual[0], label=_("Operator"))


def unit_block() -> SelectBlock:
    units = [("days", _("days")), ("weeks", _("weeks")), ("months", _("months")), ("years", _("years"))]
    return SelectBlock(units, "days", label=_("Unit"))


def answer_block() -> SelectBlock:
    return SelectBlock([("yes", _("yes")), ("no", _("no"))], "yes", label=_("Answer"))


def depth_block() -> SelectBlock:
    depths = [("any", _("directly or over others")), ("direct", _("directly"))]
    return SelectBlock(depths, "any", label=_("How far"))


def match_block() -> SelectBlock:
    """How the parts of a group are put together."""
    matches = [
        ("all", _("All of these are true")),
        ("any", _("At least one of these is true")),
        ("none", _("None of these is true")),
    ]
    return SelectBlock(matches, "all", label=_("People for whom"))
