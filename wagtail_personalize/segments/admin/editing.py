"""Adding and changing segments: as a draft that nobody is in, or published.

An edit of a live segment is a draft beside it, in Wagtail's way: the rule that is in force stays until the draft is
published. There are no publishing dates, because a rule can have dates itself, and a draft is saved when the editor
says so, never by itself: unfinished rules of several people would follow each other.
"""

from typing import Any

from django.contrib.admin.utils import quote
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import VERSION
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.views import generic
from wagtail.admin.views.generic.mixins import CreateEditViewOptionalFeaturesMixin, RevisionsRevertMixin

from wagtail_personalize.privacy.audit import log_names_seen
from wagtail_personalize.privacy.models import LookAt

from ..log_entries import told_elsewhere
from ..models import Segment
from .changes import Version, log_change
from .confirming import CONFIRMED, Question, question, with_names
from .forms import SegmentForm
from .status import SegmentStatusPanel


class _Editing(CreateEditViewOptionalFeaturesMixin):
    """What adding and changing have in common."""

    unpublish_url_name: str | None = None
    #: The segment as it is in force and as it stands in the latest draft, before this edit.
    live_before: Version | None = None
    latest_before: Version | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.autosave_enabled = False

    def form_valid(self, form: SegmentForm) -> HttpResponse:
        """What is found out only while saving is a form error too, and then nothing was saved."""
        try:
            with transaction.atomic(), told_elsewhere():
                after = Version.of(form.instance, form.lists())
                response = super().form_valid(form)
                self._log(after)
                return response
        except ValidationError as refused:
            form.add_error(None if hasattr(refused, "error_dict") else "rule", refused)
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)

    def _log(self, after: Version) -> None:
        """What was published is told against what was in force, a draft against the draft before."""
        publishes = self.action == "publish"
        before = self.live_before if publishes and self.live_before else self.latest_before
        log_change(self.object, before, after, self.request.user, draft=not publishes)

    def get_editing_sessions(self) -> Any:
        """Wagtail 7.4 knows who else is editing for pages and snippets only."""
        return super().get_editing_sessions() if VERSION >= (8, 0) else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"may_publish": self.user_has_permission("publish"), "unpublish_url": self._unpublish_url()}

    def _unpublish_url(self) -> str:
        live = self.view_name == "edit" and self.object.live and self.user_has_permission("publish")
        return reverse(self.unpublish_url_name, args=[quote(self.object.pk)]) if live else ""


class SegmentCreateView(_Editing, generic.CreateView):
    template_name = "wagtail_personalize/segments/admin/create.html"
    partials_template_name = "wagtailadmin/generic/edit_partials.html"


class SegmentCopyView(generic.CopyViewMixin, SegmentCreateView):
    """A new segment that starts with the rule of another one; the lists of people stay behind."""

    def get_initial_form_instance(self) -> Segment:
        original = self.get_object()
        return Segment(rule=original.rule, description=original.description, category=original.category)


class SegmentEditView(_Editing, generic.EditView):
    view_name = "edit"
    template_name = "wagtail_personalize/segments/admin/edit.html"
    #: What the editor has to agree to first.
    question: Question | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.method == "POST":
            self.live_before = Version.of(self.live_object) if self.live_object.live else None
            self.latest_before = Version.of(self.live_object.get_latest_revision_as_object())

    def form_valid(self, form: SegmentForm) -> HttpResponse:
        """Publishing what changes much has to be confirmed."""
        asked = self._question(form) if self.action == "publish" else None
        if asked is None or asked.is_answered(self.request.POST.get(CONFIRMED, "")):
            return super().form_valid(form)
        self.question = with_names(asked, self.request.user)
        self.produced_error_code = "unconfirmed"
        self.produced_error_message = _("Nothing was saved yet. Please look at what this changes, and confirm it.")
        return self.form_invalid(form)

    def _question(self, form: SegmentForm) -> Question | None:
        before, after = self.live_before, Version.of(form.instance, form.lists())
        if before and (before.rule, *map(set, before.lists)) == (after.rule, *map(set, after.lists)):
            return None
        return question(form.instance, after.rule, after.lists, self.request.user) if before else None

    def get_side_panels(self) -> MediaContainer:
        panel = SegmentStatusPanel(
            self.object,
            self.request,
            live_object=self.live_object,
            usage_url=self.get_usage_url(),
            history_url=self.get_history_url(),
            last_updated_info=self.get_last_updated_info(),
        )
        return MediaContainer([panel])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The lists of people are shown with their names, which is logged."""
        context = super().get_context_data(**kwargs)
        if named := self.form.named_people():
            subject = _("Segment “%(name)s”") % {"name": self.object.name}
            log_names_seen(self.request.user, subject, named, LookAt.Kind.LISTS)
        return context | {"question": self.question, "confirmed_name": CONFIRMED}


class SegmentRevertView(RevisionsRevertMixin, SegmentEditView):
    """An older version to look at and to bring back; the lists of named people stay as they are now."""

    view_name = "revisions_revert"

    def get_object(self, queryset: Any = None) -> Segment:
        version = super().get_object(queryset)
        version.list_changes = None
        return version
