"""The form of a hashtag, with a label for each language of the site."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm

from ..hashtag_labels import cleaned, languages
from ..hashtags import MOST_CHARACTERS

_PREFIX = "label_"


class HashtagForm(WagtailAdminModelForm):
    """Which languages there are is asked each time, because settings say so."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in languages():
            self.fields[_PREFIX + code] = forms.CharField(
                label=_("In %(language)s") % {"language": name},
                help_text=_("What it is called there. Whoever writes this word means the same hashtag."),
                initial=self.instance.labels.get(code, ""),
                max_length=MOST_CHARACTERS,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for code, _name in languages():
            try:
                data[_PREFIX + code] = cleaned(self.instance, data.get(_PREFIX + code) or "")
            except ValidationError as error:
                self.add_error(_PREFIX + code, error)
        return data

    def _post_clean(self) -> None:
        said = {code: self.cleaned_data.get(_PREFIX + code) for code, _name in languages()}
        self.instance.labels = {code: label for code, label in said.items() if label}
        super()._post_clean()
