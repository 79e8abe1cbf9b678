"""The list of rejected lines: the first ones on a page, all of them as a file."""

import csv
import io
from itertools import islice
from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.generic import View

from ..error_file import Problem
from ..storage import import_storage, rejected_of
from ..uploads import ImportUpload
from .permission import ImportersOnly

SHOWN = 20


def first_problems(name: str) -> list[Problem]:
    """The first rejected lines of the list with this name in the storage."""
    storage = import_storage()
    if not name or not storage.exists(name):
        return []
    with storage.open(name) as file, io.TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
        rows = islice(csv.reader(text), 1, SHOWN + 1)
        return [Problem(int(line), column, reason) for line, column, reason in rows]


class RejectedLinesView(ImportersOnly, View):
    """Download of the rejected lines, of a preview or of a run; cells are no formulas, see ``privacy.spreadsheets``."""

    preview = False

    def get(self, request: Any, upload_id: Any) -> HttpResponse:
        upload = get_object_or_404(ImportUpload, pk=upload_id)
        name = rejected_of(upload.stored, preview=True) if self.preview and upload.stored else upload.rejected
        storage = import_storage()
        if not name or not storage.exists(name):
            raise Http404(_("There are no rejected lines, or they are deleted already."))
        answer = FileResponse(
            storage.open(name), as_attachment=True, filename=f"{upload.file_name}.errors.csv", content_type="text/csv"
        )
        answer["X-Content-Type-Options"] = "nosniff"
        return answer
