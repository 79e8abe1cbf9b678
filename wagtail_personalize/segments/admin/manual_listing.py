"""Who is on the lists of a segment: always in it, or never, whatever the conditions say."""

from collections.abc import Iterable
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, Table
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.widgets.button import HeaderButton

from wagtail_personalize.privacy.models import LookAt
from wagtail_personalize.privacy.spreadsheets import NeutralExportMixin

from ..models import ManualMember
from .exporting import logged, rows_of
from .member_rows import PeoplePaginator, by_name, called, staff_numbers
from .segment_page import SegmentPageMixin, may_change_lists


class NamedPeopleFilterSet(WagtailFilterSet):
    """One list or the other."""

    always = django_filters.ChoiceFilter(label=gettext_lazy("List"), choices=ManualMember.Always.choices)

    class Meta:
        model = ManualMember
        fields = ["always"]


class RemoveColumn(Column):
    """A way to take this one person off the list."""

    cell_template_name = "wagtail_personalize/segments/admin/remove_cell.html"


class NamedPeopleView(NeutralExportMixin, SegmentPageMixin, BaseListingView):
    """Both lists, by name."""

    template_name = "wagtail_personalize/segments/admin/segment_listing.html"
    page_title = gettext_lazy("Named people")
    header_icon = "user"
    place = "named_people"
    needs_names = True
    paginator_class = PeoplePaginator
    paginate_by = 50
    is_searchable = True
    filterset_class = NamedPeopleFilterSet
    list_export = ["name", "staff_number", "list"]
    export_headings = {
        "name": gettext_lazy("Name"),
        "staff_number": gettext_lazy("Staff number"),
        "list": gettext_lazy("List"),
    }

    @cached_property
    def columns(self) -> list[Column]:
        columns = [
            Column("name", label=_("Name")),
            Column("staff_number", label=_("Staff number")),
            Column("list", label=_("List")),
        ]
        return [*columns, RemoveColumn("remove_url", label=_("Change"))] if self._may_change else columns

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.is_export:
            seen = self.names_in_file(LookAt.Kind.LISTS, _("List of named people of “%(name)s”"))
            rows = rows_of(self.get_queryset(), logged(seen, self._rows, "person_id"))
            return self.as_spreadsheet(rows, request.GET["export"])
        return super().get(request, *args, **kwargs)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not self._may_change:
            return []
        url = reverse("personalize_segments:change_named_people", args=[self.object.pk])
        return [HeaderButton(label=_("Paste or upload a list"), url=url, icon_name="upload")]

    def get_base_queryset(self) -> QuerySet:
        return ManualMember.objects.filter(segment=self.object).select_related("person").order_by(*by_name("person__"))

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        return queryset

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        return called(queryset, self.search_query, "person") if self.is_searching else queryset

    def get_table(self, object_list: Iterable[ManualMember]) -> Table:
        return super().get_table(self.rows(object_list))

    def rows(self, members: Iterable[ManualMember]) -> list[ManualMember]:
        """The rows as they are shown, which is logged."""
        members = list(members)
        keys = [member.person_id for member in members]
        self.log_look(LookAt.Kind.LISTS, _("List of named people of “%(name)s”"), keys)
        return self._rows(members)

    def _rows(self, members: list[ManualMember]) -> list[ManualMember]:
        numbers = staff_numbers(member.person_id for member in members)
        for member in members:
            member.name = get_user_display_name(member.person)
            member.staff_number = numbers.get(member.person_id, "")
            member.list = str(member.get_always_display())
            member.remove_url = self._remove_url(member)
        return members

    @cached_property
    def _may_change(self) -> bool:
        return may_change_lists(self.request.user, self.object)

    def _remove_url(self, member: ManualMember) -> str:
        if not self._may_change:
            return ""
        return reverse("personalize_segments:remove_named_person", args=[self.object.pk, member.pk])

    @property
    def no_results_message(self) -> str:
        if self.is_searching or self.is_filtering:
            return _("Nobody on the lists fits.")
        return _("Nobody is named by hand. The conditions alone decide.")

    def get_index_url(self) -> str:
        return reverse("personalize_segments:named_people", args=[self.object.pk])

    def get_index_results_url(self) -> str:
        return reverse("personalize_segments:named_people_results", args=[self.object.pk])
