"""While the work goes on in the background: how far it is, and a button that stops it."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages

from ..purging import forget_files
from ..sources.contract import ImportRefused
from ..uploads import ImportUpload
from .permission import ImportersOnly
from .starting import compare, go_on, may_go_on, stop
from .wizard import State, UploadPage, to_page

WORKING = (State.COMPARING, State.WAITING, State.IMPORTING)


class ProgressView(UploadPage):
    """Also right without JavaScript: the page is loaded again by a link."""

    template_name = "wagtail_personalize/people/importing/progress.html"
    page_title = gettext_lazy("Progress")
    step = "import"

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if next_page := where_next(self.upload):
            return redirect(next_page)
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        step = "preview" if self.upload.state == State.COMPARING else "import"
        self.step = step
        return super().get_context_data(
            at=how_far(self.upload), comparing=step == "preview", may_go_on=may_go_on(self.upload), **kwargs
        )


def how_far(upload: ImportUpload) -> dict[str, Any]:
    """Lines done and in all, and a sentence about it."""
    run = upload.run if upload.state == State.IMPORTING else None
    done, total = (run.checkpoint, run.total) if run else (upload.done, upload.total)
    if upload.state == State.WAITING:
        sentence = _("Waiting for its turn.")
    elif may_go_on(upload):
        sentence = _("The import was interrupted after %(done)s of %(total)s lines.")
    elif not total:
        sentence = _("Reading the file…")
    elif upload.stop:
        sentence = _("Stopping after %(done)s of %(total)s lines…")
    elif upload.state == State.COMPARING:
        sentence = _("Compared %(done)s of %(total)s lines.")
    else:
        sentence = _("Imported %(done)s of %(total)s lines.")
    return {"done": done, "total": total, "sentence": sentence % {"done": f"{done:,}", "total": f"{total:,}"}}


def where_next(upload: ImportUpload) -> str:
    """The page to go to once the work has ended; empty while it goes on."""
    if upload.state in WORKING:
        return ""
    if upload.state == State.ENDED:
        return reverse("personalize_imports:run", args=[upload.run_id]) if upload.run_id else _index()
    return to_page(upload).url


def _index() -> str:
    return reverse("personalize_imports:index")


class ProgressAnswer(ImportersOnly, View):
    """The same for the page's script, as JSON: ``done``, ``total``, ``sentence``, and ``next`` once it has ended."""

    def get(self, request: Any, upload_id: Any) -> JsonResponse:
        upload = get_object_or_404(ImportUpload.objects.select_related("run"), pk=upload_id)
        return JsonResponse({**how_far(upload), "next": where_next(upload), "interrupted": may_go_on(upload)})


class StepView(ImportersOnly, View):
    """A button: compare again, stop, or go on. By POST alone."""

    http_method_names = ["post"]
    action = ""

    def post(self, request: Any, upload_id: Any) -> HttpResponse:
        upload = get_object_or_404(ImportUpload.objects.select_related("run"), pk=upload_id)
        try:
            {"compare": compare, "stop": stop, "go_on": go_on}[self.action](upload)
        except ImportRefused as error:
            messages.error(request, str(error))
        upload.refresh_from_db()
        return to_page(upload)


class DiscardView(ImportersOnly, View):
    """Throw away an upload that is not being worked on."""

    http_method_names = ["post"]

    def post(self, request: Any, upload_id: Any) -> HttpResponse:
        upload = get_object_or_404(ImportUpload, pk=upload_id)
        if upload.state not in WORKING:
            forget_files(upload)
            upload.delete()
            messages.success(request, _("The upload of %(name)s is deleted.") % {"name": upload.file_name})
        return redirect(_index())
