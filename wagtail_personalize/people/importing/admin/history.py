"""The history of imports, those by the command as well, and the uploads that nobody has imported yet."""

from typing import Any

import django_filters
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets.button import HeaderButton

from wagtail_personalize.people.names import person_name

from ..models import ImportRun
from ..uploads import ImportUpload
from .permission import ImportersOnly


def importers(request: Any) -> QuerySet:
    """Who has imported: the choices of the filter."""
    return get_user_model()._base_manager.filter(pk__in=ImportRun.objects.exclude(by=None).values("by"))


class RunFilterSet(WagtailFilterSet):
    """By state, by person and by day."""

    by = django_filters.ModelChoiceFilter(label=_("By"), queryset=importers)
    started_at = django_filters.DateFromToRangeFilter(label=_("Started"), widget=DateRangePickerWidget)

    class Meta:
        model = ImportRun
        fields = ["state", "by", "started_at"]


class RunsView(ImportersOnly, IndexView):
    """All runs, the last one first; two queries however many there are, and one for what is under way."""

    model = ImportRun
    any_permission_required = None
    page_title = _("Import people")
    header_icon = "upload"
    index_url_name = "personalize_imports:index"
    index_results_url_name = "personalize_imports:index_results"
    template_name = "wagtail_personalize/people/importing/history.html"
    results_template_name = "wagtail_personalize/people/importing/history_results.html"
    filterset_class = RunFilterSet
    default_ordering = "-started_at"
    paginate_by = 30
    show_other_searches = False

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn("file_name", label=_("File"), get_url=run_url),
            Column("state", label=_("State"), accessor="get_state_display"),
            Column("counts", label=_("Result"), accessor=summary),
            Column("by", label=_("By"), accessor=by_whom),
            DateColumn("started_at", label=_("Started"), sort_key="started_at"),
        ]

    def get_base_queryset(self) -> QuerySet:
        return ImportRun.objects.select_related("by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if not self.results_only:
            context["under_way"] = ImportUpload.objects.exclude(state=ImportUpload.State.ENDED).order_by("-at")
        return context

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        return [
            HeaderButton(_("Import a file"), url=reverse("personalize_imports:upload"), icon_name="upload"),
            HeaderButton(_("Saved mappings"), url=reverse("personalize_imports:mappings"), icon_name="list-ul"),
        ]


def run_url(run: ImportRun) -> str:
    return reverse("personalize_imports:run", args=[run.pk])


def summary(run: ImportRun) -> str:
    """The counts that are not zero."""
    labels = {
        "new": _("%(count)s new"),
        "changed": _("%(count)s changed"),
        "left": _("%(count)s left"),
        "unchanged": _("%(count)s unchanged"),
        "rejected": _("%(count)s rejected"),
    }
    said = [label % {"count": f"{run.counts[name]:,}"} for name, label in labels.items() if run.counts.get(name)]
    return ", ".join(said) or "–"


def by_whom(run: ImportRun) -> str:
    """Who started it; runs by the command belong to nobody."""
    return person_name(run.by) if run.by else str(_("command or unknown"))
