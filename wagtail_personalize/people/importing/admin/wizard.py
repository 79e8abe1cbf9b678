"""What the pages of the wizard have in common."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from ..uploads import ImportUpload
from .permission import ImportersOnly

STEPS = [("upload", _("File")), ("columns", _("Columns")), ("preview", _("Preview")), ("import", _("Import"))]
State = ImportUpload.State

#: Where an upload in this state is worked on.
PAGE_OF = {
    State.COLUMNS: "columns",
    State.COMPARING: "progress",
    State.COMPARED: "preview",
    State.WAITING: "progress",
    State.IMPORTING: "progress",
    State.ENDED: "progress",
}


class ImportPage(ImportersOnly, WagtailAdminTemplateMixin, View):
    """A page of the import."""

    header_icon = "upload"
    page_title = _("Import people")
    step = ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        index = {"url": reverse("personalize_imports:index"), "label": _("Import people")}
        return [*self.breadcrumbs_items, index, {"url": "", "label": self.get_page_title(), "sublabel": self.subtitle}]

    @property
    def subtitle(self) -> str:
        return ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        names = [name for name, _label in STEPS]
        at = names.index(self.step) if self.step else -1
        steps = [
            {"label": label, "current": place == at, "done": place < at} for place, (_name, label) in enumerate(STEPS)
        ]
        return {**super().get_context_data(**kwargs), "steps": steps if self.step else []}

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data())


class UploadPage(ImportPage):
    """A page about one upload. Whoever may import may go on with the upload of a colleague."""

    @cached_property
    def upload(self) -> ImportUpload:
        return get_object_or_404(ImportUpload.objects.select_related("run", "by"), pk=self.kwargs["upload_id"])

    @property
    def subtitle(self) -> str:
        return self.upload.file_name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(upload=self.upload, **kwargs)


def to_page(upload: ImportUpload) -> HttpResponseRedirect:
    """Where this upload is now."""
    return redirect(f"personalize_imports:{PAGE_OF[State(upload.state)]}", upload.pk)
