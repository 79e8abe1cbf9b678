"""What became of an import."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _

from ..models import ImportRun
from ..one_at_a_time import is_alive
from ..storage import import_storage
from ..uploads import ImportUpload
from .errors import first_problems
from .history import by_whom
from .sentences import in_the_admin
from .starting import may_go_on
from .wizard import ImportPage

COUNTS = [
    ("new", _("New")),
    ("changed", _("Changed")),
    ("left", _("Left")),
    ("unchanged", _("Unchanged")),
    ("rejected", _("Rejected")),
]


class RunView(ImportPage):
    """Counts, remarks, the rejected lines, and a button for a run that was interrupted."""

    template_name = "wagtail_personalize/people/importing/run.html"
    page_title = _("Report")

    @cached_property
    def run(self) -> ImportRun:
        return get_object_or_404(ImportRun.objects.select_related("by"), pk=self.kwargs["run_id"])

    @cached_property
    def upload(self) -> ImportUpload | None:
        """The upload it was made from; runs by the command have none."""
        return self.run.uploads.select_related("run").order_by("-at").first()

    @property
    def subtitle(self) -> str:
        return self.run.file_name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        run, upload = self.run, self.upload
        has_list = bool(upload and upload.rejected and import_storage().exists(upload.rejected))
        return super().get_context_data(
            run=run,
            upload=upload,
            counts=[(label, run.counts.get(name, 0)) for name, label in COUNTS],
            report=run.report,
            refusal=in_the_admin(run.report.get("refusal", "")),
            notes=[in_the_admin(note) for note in run.report.get("notes", [])],
            by=by_whom(run),
            took=_took(run),
            alive=run.state == ImportRun.State.RUNNING and is_alive(run),
            has_list=has_list,
            problems=first_problems(upload.rejected) if has_list else [],
            may_go_on=upload is not None and may_go_on(upload),
            **kwargs,
        )


def _took(run: ImportRun) -> str:
    """How long it took; nothing when it was less than a minute."""
    long = run.finished_at and (run.finished_at - run.started_at).total_seconds() >= 60
    return timesince(run.started_at, run.finished_at) if long else ""
