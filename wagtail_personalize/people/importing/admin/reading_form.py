"""How the file is read: detected, unless somebody says it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..dates import FORMATS, checked_format
from ..sources.contract import ImportRefused

ENCODINGS = [
    ("", _("Detect")),
    ("utf-8", "UTF-8"),
    ("cp1252", _("Windows-1252 (Western Europe)")),
    ("cp1250", _("Windows-1250 (Central Europe)")),
    ("iso-8859-15", "ISO-8859-15"),
    ("utf-16", "UTF-16"),
]
DELIMITERS = [
    ("", _("Detect")),
    (",", _("Comma")),
    (";", _("Semicolon")),
    ("tab", _("Tab")),
    ("|", _("Vertical bar")),
]
DATE_FORMATS = [("", _("Detect")), *FORMATS.items()]


class ReadingForm(forms.Form):
    """Encoding, delimiter and date format; what a mapping file says beside the usual ones stays possible."""

    encoding = forms.ChoiceField(label=_("Encoding"), required=False)
    delimiter = forms.ChoiceField(label=_("Delimiter"), required=False)
    date_format = forms.ChoiceField(label=_("Dates"), required=False)

    def __init__(self, *args: Any, has_delimiter: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, usual in (("encoding", ENCODINGS), ("delimiter", DELIMITERS), ("date_format", DATE_FORMATS)):
            said = self.initial.get(name, "")
            known = said in dict(usual)
            self.fields[name].choices = usual if known else [*usual, (said, said)]
        if not has_delimiter:
            del self.fields["delimiter"]

    def clean_date_format(self) -> str:
        given = self.cleaned_data["date_format"]
        try:
            return checked_format(given) if given else ""
        except ImportRefused as error:
            raise forms.ValidationError(str(error)) from error
