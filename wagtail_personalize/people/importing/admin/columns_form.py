"""The forms of the second step: one for each column, and one for what belongs to no column."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..dates import checked_format
from ..models import ImportRun
from ..sources.contract import ImportRefused
from .texts import parse_table


class ColumnForm(forms.Form):
    """What one column fills. Only what is filled in is sent along, so that 200 columns stay within Django's limits."""

    to = forms.ChoiceField(label=_("Fills"), required=False)
    keep_empty = forms.BooleanField(label=_("An empty cell keeps the stored value"), required=False)
    only_new = forms.BooleanField(label=_("Only for new people"), required=False)
    optional = forms.BooleanField(label=_("A file may lack this column"), required=False)
    create = forms.BooleanField(label=_("Make what it names when it is missing"), required=False)
    decimal_comma = forms.BooleanField(label=_("1,5 means one and a half"), required=False)
    separator = forms.CharField(label=_("Between several values stands"), required=False, max_length=5, strip=False)
    date_format = forms.CharField(
        label=_("Dates are written"), required=False, max_length=20, widget=forms.TextInput({"placeholder": "%d.%m.%Y"})
    )
    values = forms.CharField(
        label=_("Store instead of a text"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea({"rows": 3, "placeholder": "U = permanent"}),
    )

    def __init__(self, *args: Any, choices: list, label: str, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.column = label
        self.fields["to"].choices = choices
        self.fields["to"].widget.attrs["aria-label"] = _("What the column “%(column)s” fills") % {"column": label}

    def clean_date_format(self) -> str:
        return _checked(self.cleaned_data["date_format"])

    def clean_values(self) -> dict[str, str]:
        return parse_table(self.cleaned_data["values"])

    @property
    def has_details(self) -> bool:
        """Does it say more than what the column fills?"""
        return any(self[name].value() for name in self.fields if name != "to")

    @property
    def details(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name != "to"]


class GeneralForm(forms.Form):
    """What the mapping says about all people."""

    mode = forms.ChoiceField(label=_("Who has left?"), choices=ImportRun.Mode, widget=forms.RadioSelect)
    last_day = forms.BooleanField(
        label=_("The date of leaving is the last day at work"),
        required=False,
        help_text=_("Inactive from the day after."),
    )
    manager_by = forms.ChoiceField(
        label=_("The manager is named by"),
        required=False,
        help_text=_(
            "A directory names managers by “dn”. Managers who are not named by staff number must be in the file."
        ),
    )
    unknown_manager = forms.BooleanField(
        label=_("Leave the manager empty when nobody has the number"),
        required=False,
        help_text=_("Otherwise such a line is rejected."),
    )
    create_users = forms.BooleanField(
        label=_("Create people who are missing"),
        required=False,
        help_text=_("They get a password that nobody has. Otherwise their lines are rejected."),
    )
    login_name = forms.CharField(
        label=_("Login name of new people"),
        required=False,
        max_length=200,
        help_text=_(
            "A template with columns in braces, such as {First name:initial,lower}.{Last name:slug}. Leave it empty "
            "when a column fills the login name."
        ),
    )
    constants = forms.CharField(
        label=_("What everybody gets"),
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 2, "placeholder": "employment_type = permanent"}),
        help_text=_("One attribute a line, then “=” and the value."),
    )
    links = forms.MultipleChoiceField(
        label=_("Linked objects of the mapping file"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, links: list[tuple[str, str]], columns: list[str], **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.fields["manager_by"].choices = [("", _("The staff number")), *((name, name) for name in columns)]
        self.fields["links"].choices = links
        if not links:
            del self.fields["links"]

    def clean_constants(self) -> dict[str, str]:
        return parse_table(self.cleaned_data["constants"])


def _checked(date_format: str) -> str:
    try:
        return checked_format(date_format) if date_format else ""
    except ImportRefused as error:
        raise forms.ValidationError(str(error)) from error
