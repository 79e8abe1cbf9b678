"""What an editor enters to change a list of named people."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .manual_entries import Entry, entries, text_of
from .manual_plan import Always, Mode


class NamedPeopleForm(forms.Form):
    """Text or a file, the list it is for, and what becomes of who is on it."""

    text = forms.CharField(
        label=_("E-mail addresses or staff numbers"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("One person in each line, or copied from a spreadsheet or an e-mail."),
    )
    file = forms.FileField(
        label=_("or a file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
        help_text=_("CSV or TXT, at most 20,000 lines and 1 MB. The first column counts."),
    )
    always = forms.ChoiceField(
        label=_("These people are"), choices=Always.choices, initial=Always.INCLUDE, widget=forms.RadioSelect
    )
    mode = forms.ChoiceField(label=_("What to do"), choices=Mode.choices, initial=Mode.ADD, widget=forms.RadioSelect)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        text, file = cleaned.get("text") or "", cleaned.get("file")
        if text.strip() and file:
            raise ValidationError(_("Paste a list or choose a file, not both."))
        cleaned["text"] = text_of(file) if file else text
        cleaned["entries"] = entries(cleaned["text"])
        return cleaned

    @property
    def entries(self) -> list[Entry]:
        return self.cleaned_data["entries"]
