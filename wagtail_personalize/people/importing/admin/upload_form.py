"""The first step: a file, and what is known of it already."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_personalize.conf import get_settings

from ..mapping.definition import Mapping, parse_mapping
from ..sources.contract import ImportRefused
from ..uploads import ImportMapping
from .reading_form import ReadingForm

#: No mapping file is larger than this.
MAPPING_BYTES = 1024 * 1024


class MappingFileField(forms.FileField):
    """A mapping file, TOML or JSON; cleaned it is the dictionary that it holds."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.ClearableFileInput(attrs={"accept": ".json,.toml"})
        super().__init__(label=gettext_lazy("Mapping file"), widget=widget, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> dict[str, Any] | None:
        file: UploadedFile | None = super().clean(data, initial)
        if not file:
            return None
        if file.size > MAPPING_BYTES:
            raise forms.ValidationError(_("This is too large for a mapping file."))
        try:
            said = parse_mapping(file.name, file.read())
            Mapping.from_dict(said)
        except ImportRefused as error:
            raise forms.ValidationError(str(error)) from error
        return said


class UploadForm(ReadingForm):
    """The file, how it is read, and the mapping to begin with."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(
            attrs={"accept": ".csv,.tsv,.txt,.json,.jsonl,.ndjson,.ldif,.ldi,text/csv,text/plain,application/json"}
        ),
    )
    saved = forms.ModelChoiceField(
        ImportMapping.objects.none(),
        label=gettext_lazy("Begin with the mapping"),
        required=False,
        empty_label=gettext_lazy("Guess from the names of the columns"),
    )
    mapping_file = MappingFileField(
        required=False,
        help_text=gettext_lazy("Instead of a saved mapping: a file as the command import_people takes it."),
    )
    field_order = ["file", "saved", "mapping_file", "encoding", "delimiter", "date_format"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["saved"].queryset = ImportMapping.objects.all()
        self.fields["file"].help_text = _(
            "CSV with the names of the columns in the first line, JSON or LDIF; at most %(limit)d MB. Archives and "
            "workbooks are refused: save them as “CSV UTF-8”."
        ) % {"limit": get_settings().IMPORT_MAX_MEGABYTES}

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        limit = get_settings().IMPORT_MAX_MEGABYTES
        if file.size > limit * 1024 * 1024:
            raise forms.ValidationError(
                _("The file is larger than %(limit)d MB. Split it, or let the command import_people import it.")
                % {"limit": limit}
            )
        return file

    def begin_with(self) -> dict[str, Any] | None:
        """The mapping that was chosen, or nothing."""
        saved = self.cleaned_data["saved"]
        return self.cleaned_data["mapping_file"] or (saved.mapping if saved else None)


def shown_name(name: str) -> str:
    """How people call the file: its name without folders and what cannot be printed."""
    text = "".join(letter for letter in PurePath(name.replace("\\", "/")).name if letter.isprintable())
    return text[-255:] or "people.csv"
