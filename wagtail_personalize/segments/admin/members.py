"""Who is in a segment now, or was on a day: paged, searched by name, sorted, exported. Each look is logged."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, Table, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.widgets import AdminDateInput

from wagtail_personalize.privacy.models import LookAt
from wagtail_personalize.privacy.spreadsheets import NeutralExportMixin

from ..days import today
from ..history import NotKnown, members_on, memberships_on, require_known
from ..models import Cause, Membership
from ..refresh import ensure_today
from .exporting import logged, rows_of
from .member_rows import MemberRow, PeoplePaginator, by_name, called, member_row, staff_numbers
from .segment_page import SegmentPageMixin, why_url

MEMBERS_PER_PAGE = 50


def known_day(day: date) -> None:
    """Raise ``ValidationError`` for a day of which the members are not known."""
    try:
        require_known(day)
    except NotKnown as unknown:
        raise ValidationError(str(unknown)) from None


class MemberFilterSet(WagtailFilterSet):
    """Why they joined, and on which day one looks."""

    day = django_filters.DateFilter(
        label=gettext_lazy("At the end of this day"),
        widget=AdminDateInput,
        method="as_it_is",
        validators=[known_day],
    )
    cause = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Joined because"),
        field_name="member_cause",
        choices=Cause.choices,
        widget=CheckboxSelectMultiple,
    )

    class Meta:
        model = Membership
        fields: list[str] = []

    def as_it_is(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        """The day decides what is listed at all, so the view has asked for it already."""
        return queryset


class MemberListView(NeutralExportMixin, SegmentPageMixin, BaseListingView):
    """The members of a segment at the end of a day, by default as they are now."""

    template_name = "wagtail_personalize/segments/admin/segment_listing.html"
    page_title = gettext_lazy("Members")
    header_icon = "group"
    place = "members"
    needs_names = True
    paginator_class = PeoplePaginator
    paginate_by = MEMBERS_PER_PAGE
    filterset_class = MemberFilterSet
    is_searchable = True
    default_ordering = "name"
    verbose_name_plural = gettext_lazy("members")
    list_export = ["name", "email", "staff_number", "day", "cause"]
    export_headings = {
        "name": gettext_lazy("Name"),
        "email": gettext_lazy("E-mail address"),
        "staff_number": gettext_lazy("Staff number"),
        "day": gettext_lazy("In this segment since"),
        "cause": gettext_lazy("Joined because"),
    }
    columns = [
        TitleColumn("name", label=gettext_lazy("Name"), sort_key="name", get_url=lambda row: row.url),
        Column("staff_number", label=gettext_lazy("Staff number")),
        Column(
            "day",
            label=gettext_lazy("In this segment since"),
            accessor=lambda row: date_format(row.day, "DATE_FORMAT"),
            sort_key="member_since",
        ),
        Column("cause", label=gettext_lazy("Joined because"), sort_key="member_cause"),
    ]

    @cached_property
    def day(self) -> date:
        """The day that is asked for, else today."""
        return (self.filters.is_valid() and self.filters.form.cleaned_data.get("day")) or today()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ensure_today()
        if self.is_export:
            seen = self.names_in_file(LookAt.Kind.MEMBERS, _("Members of “%(name)s”"))
            rows = rows_of(self.get_queryset(), logged(seen, self._rows, "pk"))
            return self.as_spreadsheet(rows, request.GET["export"])
        return super().get(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        day = date_format(self.day, "DATE_FORMAT")
        return (
            self.object.name
            if self.day == today()
            else _("%(segment)s on %(day)s")
            % {
                "segment": self.object.name,
                "day": day,
            }
        )

    def get_base_queryset(self) -> QuerySet:
        if not self.filters.is_valid():
            return members_on(self.object, today()).none()
        current, past = memberships_on(self.object, self.day)
        return members_on(self.object, self.day).annotate(
            member_since=_told(current, past, "since"), member_cause=_told(current, past, "cause")
        )

    def get_filterset_kwargs(self) -> dict[str, Any]:
        return {**super().get_filterset_kwargs(), "queryset": Membership.objects.none()}

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        return super().filter_queryset(queryset) if self.filters.is_valid() else queryset

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        return called(queryset, self.search_query) if self.is_searching else queryset

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        down = "-" if self.ordering.startswith("-") else ""
        column = self.ordering.removeprefix("-")
        names = by_name() if column == "name" else [column, *by_name()]
        return queryset.order_by(*(f"{down}{name}" for name in names))

    def get_table(self, object_list: Iterable[Any]) -> Table:
        return super().get_table(self.rows(object_list))

    def rows(self, people: Iterable[Any]) -> list[MemberRow]:
        """The people as they are shown, which is logged."""
        people = list(people)
        self.log_look(LookAt.Kind.MEMBERS, _("Members of “%(name)s”"), [person.pk for person in people])
        return self._rows(people)

    def _rows(self, people: list[Any]) -> list[MemberRow]:
        numbers = staff_numbers(person.pk for person in people)
        return [
            member_row(
                person,
                numbers.get(person.pk, ""),
                person.member_since,
                person.member_cause,
                url=why_url(self.object, person.pk),
            )
            for person in people
        ]

    @property
    def no_results_message(self) -> str:
        if not self.filters.is_valid():
            return " ".join(error for errors in self.filters.form.errors.values() for error in errors)
        return _("Nobody is called that.") if self.is_searching else _("Nobody was in this segment.")

    def get_index_url(self) -> str:
        return reverse("personalize_segments:members", args=[self.object.pk])

    def get_index_results_url(self) -> str:
        return reverse("personalize_segments:members_results", args=[self.object.pk])

    def get_filename(self) -> str:
        return f"{slugify(self.object.slug) or 'segment'}-{self.day.isoformat()}"


def _told(current: QuerySet, past: QuerySet, name: str) -> Any:
    """A value of the membership that held, wherever it stands now."""
    mine = (rows.filter(person=OuterRef("pk")).order_by().values(name)[:1] for rows in (current, past))
    return Coalesce(*map(Subquery, mine))
