"""The saved mappings: to download as mapping files, to bring in, and to delete."""

import json
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages

from wagtail_personalize.people.names import person_name

from ..uploads import ImportMapping, ImportUpload
from .permission import ImportersOnly
from .saving import FileForm
from .wizard import ImportPage


class MappingsView(ImportPage):
    """The list, and a form that takes a mapping file."""

    template_name = "wagtail_personalize/people/importing/mappings.html"
    page_title = gettext_lazy("Saved mappings")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = [
            {"mapping": mapping, "by": person_name(mapping.changed_by) if mapping.changed_by else ""}
            for mapping in ImportMapping.objects.select_related("changed_by")
        ]
        return super().get_context_data(**{"form": FileForm(), "rows": rows, **kwargs})

    def post(self, request: Any) -> HttpResponse:
        form = FileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        name = form.save(form.cleaned_data["mapping_file"], request.user)
        messages.success(request, _("The mapping is saved as “%(name)s”.") % {"name": name})
        return redirect("personalize_imports:mappings")


class DeleteMappingView(ImportPage):
    """Asks first."""

    template_name = "wagtail_personalize/people/importing/delete_mapping.html"
    page_title = gettext_lazy("Delete mapping")

    @property
    def subtitle(self) -> str:
        return self._mapping.name

    @property
    def _mapping(self) -> ImportMapping:
        return get_object_or_404(ImportMapping, pk=self.kwargs["mapping_id"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(mapping=self._mapping, **kwargs)

    def post(self, request: Any, mapping_id: int) -> HttpResponse:
        mapping = self._mapping
        mapping.delete()
        messages.success(request, _("The mapping “%(name)s” is deleted.") % {"name": mapping.name})
        return redirect("personalize_imports:mappings")


class SavedMappingFile(ImportersOnly, View):
    """A saved mapping as a file."""

    def get(self, request: Any, mapping_id: int) -> HttpResponse:
        mapping = get_object_or_404(ImportMapping, pk=mapping_id)
        return _as_file(mapping.mapping, mapping.name)


class UploadMappingFile(ImportersOnly, View):
    """The mapping of an upload as a file."""

    def get(self, request: Any, upload_id: Any) -> HttpResponse:
        upload = get_object_or_404(ImportUpload, pk=upload_id)
        return _as_file(upload.mapping, upload.file_name)


def _as_file(mapping: dict[str, Any], name: str) -> HttpResponse:
    content = json.dumps(mapping, ensure_ascii=False, indent=2) + "\n"
    name = slugify(name.removesuffix(".csv")) or "mapping"
    return HttpResponse(
        content,
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}.json"', "X-Content-Type-Options": "nosniff"},
    )
