"""The second step: what the columns mean, with a few texts of each beside it."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_personalize.people.declaration import get_declaration

from ..sources.contract import ImportRefused
from ..uploads import ImportUpload
from .checking import Findings, check
from .files import check_content, examples, opened
from .fitting import fitted
from .mapping_form import MappingForm
from .reading_form import ReadingForm
from .saving import SaveForm
from .starting import compare
from .wizard import State, UploadPage, to_page

#: In these states the columns may be changed; a comparison that has been made is thrown away then.
OPEN = (State.COLUMNS, State.COMPARED)


class ColumnsView(UploadPage):
    """A table with a row for each column. Every button keeps what was chosen, also when it is not right yet."""

    template_name = "wagtail_personalize/people/importing/columns.html"
    page_title = gettext_lazy("What the columns mean")
    step = "columns"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().dispatch(request, *args, **kwargs)
        except ImportRefused as error:
            messages.error(request, str(error))
            return redirect("personalize_imports:index")

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.upload.state not in OPEN:
            return to_page(self.upload)
        return self._page(MappingForm(self.upload, self._columns, get_declaration()))

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.upload.state not in OPEN:
            return to_page(self.upload)
        if "read" in request.POST:
            return self._read_differently(request.POST)
        return self._take(request.POST)

    def _take(self, data: QueryDict) -> HttpResponse:
        form = MappingForm(self.upload, self._columns, get_declaration(), data)
        if not form.fits:
            messages.warning(self.request, _("The file is read differently by now. Look at its columns again."))
            return redirect(self.request.path)
        if not form.is_valid():
            return self._page(form)
        form.use()
        self._keep("mapping", "mode")
        findings = self._findings()
        form.show(findings)
        if "save" in data:
            return self._save(form, data)
        return self._check_or_compare(form, findings, data)

    def _check_or_compare(self, form: MappingForm, findings: Findings, data: QueryDict) -> HttpResponse:
        wrong = not form.is_valid() or findings
        if wrong or "check" in data:
            if not wrong:
                messages.success(self.request, _("The mapping fits the file."))
            return self._page(form, findings=findings)
        compare(self.upload)
        self.upload.refresh_from_db()
        return to_page(self.upload)

    def _save(self, form: MappingForm, data: QueryDict) -> HttpResponse:
        saving = SaveForm(data)
        if not (saving.is_valid() and form.is_valid()):
            return self._page(form, saving=saving)
        name = saving.save(self.upload.mapping, self.request.user)
        messages.success(self.request, _("The mapping is saved as “%(name)s”.") % {"name": name})
        return redirect(self.request.path)

    def _read_differently(self, data: QueryDict) -> HttpResponse:
        reading = ReadingForm(data, initial=self._said, has_delimiter=self._has_delimiter)
        form = MappingForm(self.upload, self._columns, get_declaration())
        if not reading.is_valid():
            return self._page(form, reading=reading)
        before = self._said
        self._read_as(reading.cleaned_data)
        try:
            columns = check_content(self.upload)
            self.upload.mapping, remarks = fitted({**self.upload.mapping, **reading.cleaned_data}, columns)
        except ImportRefused as error:
            reading.add_error(None, str(error))
            self._read_as(before)
            return self._page(form, reading=reading)
        self._keep("mapping", *before)
        for remark in remarks:
            messages.warning(self.request, remark)
        return redirect(self.request.path)

    def _read_as(self, said: dict[str, str]) -> None:
        for name, value in said.items():
            setattr(self.upload, name, value)

    def _keep(self, *fields: str) -> None:
        """Write it down; what was compared with another mapping does not hold any more."""
        self.upload.state, self.upload.preview, self.upload.problem = State.COLUMNS, {}, ""
        values = {name: getattr(self.upload, name) for name in (*fields, "state", "preview", "problem")}
        ImportUpload.objects.filter(pk=self.upload.pk, state__in=OPEN).update(**values)

    @cached_property
    def _columns(self) -> list[str]:
        with opened(self.upload) as (source, _errors):
            return [name for name in source.columns if name]

    @cached_property
    def _has_delimiter(self) -> bool:
        with opened(self.upload) as (source, _errors):
            return source.has_delimiter

    @property
    def _said(self) -> dict[str, str]:
        return {name: getattr(self.upload, name) for name in ReadingForm.base_fields}

    def _findings(self) -> Findings:
        with opened(self.upload) as (source, _errors):
            return check(self.upload.mapping, source, get_declaration(), self.upload.mode)

    def _page(self, form: MappingForm, **context: Any) -> HttpResponse:
        with opened(self.upload) as (source, _errors):
            texts, statements = examples(source), source.statements()
        rows = [(column, texts.get(column.column, [])) for column in form.columns]
        reading = ReadingForm(initial=self._said, has_delimiter=self._has_delimiter)
        beside = {"reading": reading, "saving": SaveForm()}
        page = {"form": form, "rows": rows, "statements": statements, **beside, **context}
        return self.render_to_response(self.get_context_data(**page))
