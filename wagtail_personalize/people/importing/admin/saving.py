"""Keeping a mapping under a name."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..uploads import ImportMapping
from .upload_form import MappingFileField


class SaveForm(forms.Form):
    """A name; a mapping that has it already is replaced."""

    save_as = forms.CharField(label=_("Save as"), max_length=100, required=False)

    def clean_save_as(self) -> str:
        if not self.cleaned_data["save_as"]:
            raise forms.ValidationError(_("Give the mapping a name."))
        return self.cleaned_data["save_as"]

    def save(self, mapping: dict[str, Any], user: Any) -> str:
        """Store the mapping; returns its name."""
        name = self.cleaned_data["save_as"]
        ImportMapping.objects.update_or_create(name=name, defaults={"mapping": mapping, "changed_by": user})
        return name


class FileForm(SaveForm):
    """A mapping file, and a name for it."""

    mapping_file = MappingFileField()
