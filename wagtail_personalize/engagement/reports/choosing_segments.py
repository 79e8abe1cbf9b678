"""Choosing the segments by which reading is counted, and what the audit says of them."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from wagtail_personalize.privacy.admin_page import PermittedPageMixin
from wagtail_personalize.privacy.figures.stored import findings_of, newest
from wagtail_personalize.segments.models import Segment

from ..models import ReportingSegment
from .auditing import audit_segments
from .findings import sentences_by_segment
from .view import VIEW

#: More could be told apart by combining them, and would make the roll-up slow.
MOST_SEGMENTS = 20
CHANGE = "personalize_engagement.change_reportingsegment"


class ReportingForm(forms.Form):
    segments = forms.ModelMultipleChoiceField(
        Segment.objects.none(),
        label=gettext_lazy("Reporting segments"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("At most 20. Reading is counted from the day on which a segment is chosen."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["segments"].queryset = Segment.objects.filter(live=True, broken="").order_by("name")

    def clean_segments(self) -> Iterable[Segment]:
        chosen = self.cleaned_data["segments"]
        if len(chosen) > MOST_SEGMENTS:
            raise ValidationError(_("Choose at most %(most)d segments.") % {"most": MOST_SEGMENTS})
        return chosen


class ReportingSegments(PermittedPageMixin, FormView):
    """Takes effect at once; the audit is made anew with it."""

    template_name = "wagtail_personalize/engagement/admin/reporting_segments.html"
    form_class = ReportingForm
    page_title = gettext_lazy("Reporting segments")
    header_icon = "group"
    success_url = reverse_lazy("personalize_engagement:reporting_segments")
    permissions = (CHANGE, VIEW)

    def get_initial(self) -> dict[str, Any]:
        return {"segments": list(ReportingSegment.objects.order_by().values_list("segment_id", flat=True))}

    def form_valid(self, form: ReportingForm) -> HttpResponse:
        chosen = {segment.pk for segment in form.cleaned_data["segments"]}
        with transaction.atomic():
            ReportingSegment.objects.exclude(segment__in=chosen).delete()
            known = set(ReportingSegment.objects.order_by().values_list("segment_id", flat=True))
            ReportingSegment.objects.bulk_create(ReportingSegment(segment_id=pk) for pk in sorted(chosen - known))
            audit = audit_segments()
        messages.success(
            self.request, _("%(number)d segments are told.") % {"number": max(len(audit.structure.groups) - 1, 0)}
        )
        return super().form_valid(form)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        overview = {"url": reverse("personalize_engagement:overview"), "label": _("Engagement")}
        return [*self.breadcrumbs_items, overview, {"url": "", "label": str(self.page_title)}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        audit = newest()
        found = sentences_by_segment(findings_of(audit))
        return super().get_context_data(**kwargs) | {"findings": list(found.values()), "audit": audit}
