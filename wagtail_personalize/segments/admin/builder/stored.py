"""A part of a rule that the builder cannot show: kept as it is, read aloud, and removable."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from wagtail.admin.telepath import register
from wagtail.admin.telepath.widgets import WidgetAdapter
from wagtail.blocks import FieldBlock

from ...rules.sentence import sentence


class StoredInput(forms.HiddenInput):
    """Carries a part of a rule as it is, and shows the sentence that it reads as."""

    template_name = "wagtail_personalize/segments/admin/stored_condition.html"
    is_hidden = False
    show_add_comment_button = False


class StoredInputAdapter(WidgetAdapter):
    js_constructor = "wagtail_personalize.Stored"


register(StoredInputAdapter(), StoredInput)


class StoredBlock(FieldBlock):
    """A part of a rule that the builder cannot show; its value is the part's JSON."""

    def __init__(self, **kwargs: Any):
        self.field = forms.CharField(required=False, widget=StoredInput())
        super().__init__(**kwargs)

    def get_form_state(self, value: Any) -> dict[str, str]:
        return {"json": value or "{}", "sentence": _sentence_of(value)}


def _sentence_of(text: Any) -> str:
    try:
        return sentence({"all": [json.loads(text)]})
    except (TypeError, ValueError, RecursionError):
        return _("This condition is empty.")
