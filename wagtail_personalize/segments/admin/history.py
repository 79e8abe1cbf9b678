"""Who joined a segment and who left it, when and why; and how its size went."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import django_filters
from django.contrib.auth import get_user_model
from django.db.models import BooleanField, F, QuerySet, Value
from django.forms import CheckboxSelectMultiple
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, Table, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView

from wagtail_personalize.privacy.models import LookAt

from ..history import end_of
from ..models import Cause, Membership, PastMembership, Segment
from ..refresh import ensure_today
from .charts import size_chart
from .member_rows import MemberRow, called, member_row
from .segment_page import SegmentPageMixin, why_url

EVENTS_PER_PAGE = 50
#: Nobody joined anything before and after; days further out have no day before or after them.
FIRST_DAY, LAST_DAY = date(1970, 1, 2), date(9999, 12, 30)
JOINED, LEFT = "joined", "left"
JOINED_SAID, LEFT_SAID = pgettext_lazy("segment", "Joined"), pgettext_lazy("segment", "Left")


class ComingsFilterSet(WagtailFilterSet):
    """Joined or left, why, and when."""

    what = django_filters.ChoiceFilter(label=gettext_lazy("What"), choices=[(JOINED, JOINED_SAID), (LEFT, LEFT_SAID)])
    cause = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Because"), choices=Cause.choices, widget=CheckboxSelectMultiple
    )
    on = django_filters.DateFromToRangeFilter(label=gettext_lazy("Date"), widget=DateRangePickerWidget)

    class Meta:
        model = PastMembership
        fields: list[str] = []


class ComingsView(SegmentPageMixin, BaseListingView):
    """Newest first. Without ``view_members`` only the chart."""

    template_name = "wagtail_personalize/segments/admin/comings.html"
    page_title = gettext_lazy("Joined and left")
    header_icon = "history"
    place = "comings"
    paginate_by = EVENTS_PER_PAGE
    filterset_class = ComingsFilterSet
    verbose_name_plural = gettext_lazy("changes")
    columns = [
        Column("day", label=gettext_lazy("Date"), accessor=lambda row: date_format(row.day, "DATE_FORMAT")),
        StatusTagColumn(
            "what",
            label=gettext_lazy("What"),
            accessor=lambda row: JOINED_SAID if row.joined else LEFT_SAID,
            primary=lambda row: row.joined,
        ),
        TitleColumn("name", label=gettext_lazy("Name"), get_url=lambda row: row.url),
        Column("cause", label=gettext_lazy("Because")),
    ]

    @property
    def is_searchable(self) -> bool:
        return self.sees_members

    @cached_property
    def filters(self) -> ComingsFilterSet | None:
        if not self.sees_members:
            return None
        return ComingsFilterSet(self.request.GET, request=self.request, queryset=PastMembership.objects.none())

    def get_queryset(self) -> QuerySet:
        ensure_today()
        if not self.sees_members or not self.filters.is_valid():
            return PastMembership.objects.none()
        return comings(self.object, self.search_query, **self.filters.form.cleaned_data)

    def get_table(self, object_list: Iterable[dict[str, Any]]) -> Table:
        events = list(object_list)
        people = get_user_model()._default_manager.in_bulk({event["person"] for event in events})
        self.log_look(LookAt.Kind.COMINGS, _("Joined and left: “%(name)s”"), list(people))
        return super().get_table([self._row(people.get(event["person"]), event) for event in events])

    def _row(self, person: Any, event: dict[str, Any]) -> MemberRow:
        url = why_url(self.object, event["person"])
        return member_row(person, "", event["at"], event["why"], bool(event["joined"]), url)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        chart = size_chart(self.object, self.sees_members)
        return context | {"chart": chart, "media": context["media"] + chart.media}

    @property
    def no_results_message(self) -> str:
        return _("Nobody joined or left that way.") if self.is_filtering or self.is_searching else _("Nothing yet.")

    def get_index_url(self) -> str:
        return reverse("personalize_segments:comings", args=[self.object.pk])

    def get_index_results_url(self) -> str:
        return reverse("personalize_segments:comings_results", args=[self.object.pk])


def comings(segment: Segment, name: str = "", what: str = "", cause: Any = (), on: slice | None = None) -> QuerySet:
    """Everything that is known to have happened, newest first: who (``person``), ``at``, ``why``, ``joined`` or not."""
    began = {"at": "since", "why": "cause", "joined": True}
    ended = {"at": "until", "why": "end_cause", "joined": False}
    kinds = [(Membership, began), (PastMembership, began)] if what != LEFT else []
    kinds += [(PastMembership, ended)] if what != JOINED else []
    first, *others = (_events(model.objects.filter(segment=segment), kind, name, cause, on) for model, kind in kinds)
    return first.union(*others, all=True).order_by("-at", "-joined", "person")


def _events(rows: QuerySet, kind: dict[str, Any], name: str, cause: Any, on: slice | None) -> QuerySet:
    at, why = kind["at"], kind["why"]
    if name:
        rows = called(rows, name, "person")
    if cause:
        rows = rows.filter(**{f"{why}__in": cause})
    if on and on.start:
        rows = rows.filter(**{f"{at}__gte": end_of(_day(on.start) - timedelta(days=1))})
    if on and on.stop:
        rows = rows.filter(**{f"{at}__lt": end_of(_day(on.stop))})
    joined = Value(kind["joined"], output_field=BooleanField())
    return rows.order_by().values("person", at=F(at), why=F(why), joined=joined)


def _day(moment: Any) -> date:
    """The day that was entered, or the nearest that has neighbours; the filter has made it a moment in the editor's
    time zone."""
    return min(max(moment.date(), FIRST_DAY), LAST_DAY)
