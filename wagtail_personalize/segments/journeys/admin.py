"""Journeys in the admin. Whoever may manage segments may manage journeys."""

from collections import defaultdict
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail import permissions
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, InlinePanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import CreateView, DeleteView, EditView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from wagtail_personalize.privacy.sizes import shown_size

from ..admin.log_actions import SEGMENT_CHANGED
from ..admin.menu import MENU_HOOK
from ..admin.permissions import may_publish, may_see_members, may_see_sizes
from ..admin.rewriting import AsksBeforeRewriting
from ..log_entries import log_all, told_elsewhere
from ..models import Segment
from ..new_day import ensure_today
from ..series.naming import Names
from . import rewriting
from .condition import STAGES
from .forms import JourneyForm, StageForm
from .models import Journey, PersonStage, Stage
from .usage import segments_asking

_POLICY = ModelPermissionPolicy(Segment)
if hasattr(permissions, "register_permission_policy"):
    permissions.register_permission_policy(Journey, _POLICY)


class StagesPanel(InlinePanel):
    """Wagtail's inline panel with our form for each stage."""

    def get_form_options(self) -> dict[str, Any]:
        options = super().get_form_options()
        options["formsets"][self.relation_name]["form"] = StageForm
        return options


PANELS = [
    FieldPanel("name"),
    FieldPanel("hire_date", help_text=gettext_lazy("The attribute from which the days of the stages are counted.")),
    StagesPanel(
        "stages",
        [
            FieldPanel("name"),
            FieldPanel("from_day"),
            FieldPanel("event"),
            FieldPanel("attributes"),
            FieldPanel("days"),
        ],
        heading=gettext_lazy("Stages"),
        label=gettext_lazy("Stage"),
        min_num=1,
    ),
]


class JourneyIndexView(IndexView):
    search_fields = ["name"]
    search_backend_name = None
    default_ordering = "name"

    def get_base_queryset(self) -> QuerySet:
        return Journey.objects.annotate(number=Count("stages"))

    @cached_property
    def columns(self) -> list[Column]:
        return [self._get_title_column("name"), Column("number", label=_("Stages"))]


class _Rewriting(AsksBeforeRewriting):
    """Published segments ask for stages: whoever changes these changes them."""

    rewritten = staticmethod(rewriting.segments_rewritten)
    shifts = staticmethod(rewriting.shifts)
    sent = staticmethod(rewriting.sent)

    def log_rewritten(self, form: JourneyForm, segments: list[Segment]) -> None:
        log_all(SEGMENT_CHANGED, [(segment, {"journey": str(form.instance)}) for segment in segments])


class JourneyCreateView(_Rewriting, CreateView):
    """May bring back a stage that rules still name."""

    template_name = "wagtail_personalize/segments/journeys/create.html"


class JourneyEditView(_Rewriting, EditView):
    """Below the form: how many people are in each stage, and a button that makes a segment of it."""

    template_name = "wagtail_personalize/segments/journeys/edit.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        stages = Stage.objects.filter(journey=self.object).order_by("sort_order", "pk")
        sizes = self._sizes() if may_see_sizes(self.request.user) else None
        rows = [(stage, "" if sizes is None else sizes[stage.pk]) for stage in stages]
        may_add = self.request.user.has_perm("personalize_segments.add_segment")
        return super().get_context_data(**kwargs) | {
            "stages": rows,
            "with_sizes": sizes is not None,
            "may_add_segment": may_add,
        }

    def _sizes(self) -> dict[int, str]:
        """How many are in each stage, as they may be shown."""
        ensure_today()
        exact = may_see_members(self.request.user)
        found: defaultdict[int, str] = defaultdict(lambda: shown_size(0, exact))
        counted = PersonStage.objects.filter(journey=self.object).order_by().values_list("stage")
        found.update((stage, shown_size(size, exact)) for stage, size in counted.annotate(Count("pk")))
        return found


class JourneyDeleteView(DeleteView):
    """Refused while segments ask for its stages."""

    @cached_property
    def asking(self) -> list[Segment]:
        return segments_asking(
            [f"{self.object.slug}/{slug}" for slug in self.object.stages.values_list("slug", flat=True)]
        )

    @property
    def confirmation_message(self) -> str:
        if not self.asking:
            return _("Are you sure you want to delete this journey?")
        names = ", ".join(f"“{segment.name}”" for segment in self.asking)
        return _("This journey cannot be deleted while segments ask for its stages: %(names)s.") % {"names": names}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.asking:
            return self.get(request, *args, **kwargs)
        with told_elsewhere():
            return super().post(request, *args, **kwargs)


@require_POST
def make_segment(request: HttpRequest, pk: int) -> HttpResponse:
    """One action: the segment of a stage; a draft, for those who may not publish."""
    if not request.user.has_perm("personalize_segments.add_segment"):
        raise PermissionDenied
    stage = get_object_or_404(Stage.objects.select_related("journey"), pk=pk)
    names, wanted = Names(), f"{stage.journey.name}: {stage.name}"[:150]
    rule = {"all": [{"operator": STAGES, "value": [stage.key]}]}
    slug = names.free_slug(f"{stage.journey.slug}-{stage.slug}")
    live = may_publish(request.user)
    segment = Segment.objects.create(
        name=names.name(wanted), slug=slug, rule=rule, live=live, has_unpublished_changes=not live
    )
    messages.success(request, _("The segment “%(name)s” was made.") % {"name": segment.name})
    return redirect("personalize_segments:edit", segment.pk)


class JourneyViewSet(ModelViewSet):
    """Journeys, in the menu *Personalisation*."""

    model = Journey
    name = "personalize_journeys"
    url_prefix = "personalize/journeys"
    icon = "order"
    menu_label = gettext_lazy("Journeys")
    menu_order = 160
    menu_hook = MENU_HOOK
    copy_view_enabled = False
    index_view_class = JourneyIndexView
    add_view_class = JourneyCreateView
    edit_view_class = JourneyEditView
    delete_view_class = JourneyDeleteView
    edit_handler = ObjectList(PANELS, base_form_class=JourneyForm)
    permission_policy = _POLICY

    def get_urlpatterns(self) -> list[URLPattern]:
        return [*super().get_urlpatterns(), path("stages/<int:pk>/segment/", make_segment, name="make_segment")]


journey_viewset = JourneyViewSet()
