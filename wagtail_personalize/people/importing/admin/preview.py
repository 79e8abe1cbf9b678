"""The third step: what the import would change, and the last question."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_personalize.privacy.audit import log_names_seen
from wagtail_personalize.privacy.models import LookAt

from ..models import ImportRun
from ..sources.contract import ImportRefused
from ..storage import rejected_of
from .errors import first_problems
from .sentences import in_the_admin
from .starting import begin, digest
from .wizard import State, UploadPage, to_page

#: Headings of the people that are shown, in this order.
KINDS = [
    ("changed", gettext_lazy("Changed")),
    ("new", gettext_lazy("New")),
    ("left", gettext_lazy("Left")),
]


class PreviewView(UploadPage):
    """Counts, the first people of each kind with what changes, the first rejected lines. Each look is logged."""

    template_name = "wagtail_personalize/people/importing/preview.html"
    page_title = gettext_lazy("What would change")
    step = "preview"

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.upload.state != State.COMPARED:
            return to_page(self.upload)
        self._log_names()
        return self.render_to_response(self.get_context_data())

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.upload.state == State.COMPARED:
            try:
                seen = request.POST.get("seen", "")
                begin(self.upload, allow_leavers="allow_leavers" in request.POST, seen=seen)
            except ImportRefused as error:
                messages.error(request, in_the_admin(str(error)))
            self.upload.refresh_from_db()
        return to_page(self.upload)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.upload.preview
        people = found.get("people", {})
        counts = found.get("counts", {})
        kinds = [
            {
                "label": label,
                "count": counts.get(kind, 0),
                "people": people.get(kind, []),
                "with_changes": kind != "new",
            }
            for kind, label in KINDS
        ]
        full = self.upload.mode == ImportRun.Mode.FULL
        return super().get_context_data(
            found=found,
            seen=digest(self.upload),
            kinds=kinds,
            nothing=not any(counts.get(kind) for kind, _label in KINDS),
            would_stop=in_the_admin(found.get("would_stop", "")),
            must_allow=bool(found.get("would_stop")),
            may_allow=full and bool(found.get("unidentified")),
            notes=[in_the_admin(note) for note in found.get("notes", [])],
            problems=first_problems(rejected_of(self.upload.stored, preview=True)),
            **kwargs,
        )

    def _log_names(self) -> None:
        """Only people whom the site knows: the new ones stand in the file alone."""
        people = self.upload.preview.get("people", {}).values()
        keys = {person["key"] for shown in people for person in shown} - {""}
        try:
            seen = get_user_model()._base_manager.filter(pk__in=keys)
        except (ValueError, ValidationError):
            return
        if known := list(seen):
            subject = _("Preview of the import of %(name)s") % {"name": self.upload.file_name}
            log_names_seen(self.request.user, subject, known, LookAt.Kind.IMPORT)
