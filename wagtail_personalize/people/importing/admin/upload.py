"""The first step: a file is uploaded, looked at and kept."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_personalize.people.declaration import get_declaration

from ..purging import purge_imports
from ..sources.contract import ImportRefused
from ..storage import forget, keep
from ..uploads import ImportUpload
from .files import check_content
from .fitting import fitted
from .guessing import guess
from .upload_form import UploadForm, shown_name
from .wizard import ImportPage, to_page

READING = ("encoding", "delimiter", "date_format")


class UploadView(ImportPage):
    """A form with the file. Whatever goes wrong before the upload is on record, the file is forgotten at once."""

    template_name = "wagtail_personalize/people/importing/upload.html"
    page_title = gettext_lazy("Upload a file")
    step = "upload"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        declaration = get_declaration()
        ready = bool(declaration and declaration.staff_number)
        return super().get_context_data(**{"form": UploadForm(), "ready": ready, **kwargs})

    def post(self, request: Any) -> HttpResponse:
        purge_imports()
        form = UploadForm(request.POST, request.FILES)
        upload = self._keep(form) if form.is_valid() and get_declaration() else None
        if upload is None:
            return self.render_to_response(self.get_context_data(form=form))
        return to_page(upload)

    def _keep(self, form: UploadForm) -> ImportUpload | None:
        file = form.cleaned_data["file"]
        given = form.begin_with() or {}
        said = {name: form.cleaned_data[name] or given.get(name, "") for name in READING}
        upload = ImportUpload(file_name=shown_name(file.name), size=file.size, by=self.request.user, **said)
        try:
            _check_lengths(said)
            upload.stored = keep(file)
            remarks = _look_into(upload, given)
            upload.save()
        except ImportRefused as error:
            forget(upload.stored)
            form.add_error("file", str(error))
            return None
        except BaseException:
            forget(upload.stored)
            raise
        for remark in remarks:
            messages.warning(self.request, remark)
        return upload


def _look_into(upload: ImportUpload, given: dict[str, Any]) -> list[str]:
    """Check the file, and give the upload a mapping that fits it; returns remarks about that."""
    columns = check_content(upload)
    upload.mapping, remarks = fitted(given, columns) if given else (guess(columns, get_declaration()), [])
    return remarks


def _check_lengths(said: dict[str, str]) -> None:
    """What a mapping says about reading is as long as it likes; an upload remembers short texts only."""
    for name, text in said.items():
        field = ImportUpload._meta.get_field(name)
        if len(text) > field.max_length:
            raise ImportRefused(_("The mapping says something for “%(name)s” that is too long.") % {"name": name})
