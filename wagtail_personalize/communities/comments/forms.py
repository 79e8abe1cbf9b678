"""The forms about comments."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Reason


class ReportForm(forms.Form):
    reason = forms.TypedChoiceField(
        label=_("What is wrong with it?"),
        choices=Reason.choices,
        coerce=lambda text: Reason(int(text)),
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("Something that the moderators should know"),
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
    )
