"""The report *Audiences*: every page that somebody targeted."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.reports import PageReportView
from wagtail.permission_policies.pages import PagePermissionPolicy

from wagtail_personalize.privacy.sizes import shown_size

from ..audiences import clauses_of
from ..models import PageAudience
from ..page_tree import page_model
from ..reach import reach
from .endpoints import VIEW_MEMBERS, is_editor
from .status import in_words

#: A cell that begins with one of these is a formula to a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class AudienceReportItem(MenuItem):
    """The report in the menu, for those who may open it."""

    def is_shown(self, request: Any) -> bool:
        return is_editor(request.user)


class AudienceReport(PageReportView):
    """Pages with an audience of their own that the editor may work on."""

    page_title = _("Audiences")
    header_icon = "group"
    index_url_name = "personalize_targeting:report"
    index_results_url_name = "personalize_targeting:report_results"
    results_template_name = "wagtail_personalize/targeting/admin/report_results.html"
    export_headings = {
        "title": _("Title"),
        "restricted_to": _("Restricted to"),
        "restricted_reach": _("May open it"),
        "recommended_to": _("Recommended to"),
        "recommended_reach": _("Recommended to so many"),
        "changed_at": _("Changed"),
        "changed_by": _("Changed by"),
    }
    list_export = [
        "title",
        "restricted_to",
        "restricted_reach",
        "recommended_to",
        "recommended_reach",
        "changed_at",
        "changed_by",
    ]

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not is_editor(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet:
        chosen = PageAudience.objects.filter(translation_key=OuterRef("translation_key"))
        mine = PagePermissionPolicy().instances_user_has_any_permission_for(
            self.request.user, {"add", "change", "publish", "lock", "unlock"}
        )
        self.queryset = page_model().objects.filter(Exists(chosen), pk__in=mine.values("pk")).order_by("title", "pk")
        return super().get_queryset()

    def decorate_paginated_queryset(self, object_list: Any) -> list:
        pages = list(object_list)
        rows = PageAudience.objects.filter(translation_key__in={page.translation_key for page in pages})
        by_key = {r.translation_key: r for r in rows.select_related("access", "recommendation", "changed_by")}
        for page in pages:
            row = by_key[page.translation_key]
            page.restricted_to, page.restricted_reach = self._words[row.access]
            page.recommended_to, page.recommended_reach = self._words[row.recommendation]
            page.changed_at, page.changed_by = row.changed_at, str(row.changed_by or "")
        return pages

    @cached_property
    def _words(self) -> "_Words":
        return _Words(self.request.user.has_perm(VIEW_MEMBERS))

    def write_csv_row(self, writer: Any, row_dict: dict[str, Any]) -> Any:
        return super().write_csv_row(writer, {field: neutral(value) for field, value in row_dict.items()})


class _Words(dict):
    """Sentence and reach of each audience, worked out once however many pages have it."""

    def __init__(self, exact: bool) -> None:
        super().__init__()
        self.exact = exact

    def __missing__(self, audience: Any) -> tuple[str, str]:
        clauses = clauses_of(audience)
        found = (in_words(clauses), shown_size(reach(clauses), self.exact)) if clauses else ("", "")
        self[audience] = found
        return found


def neutral(value: Any) -> Any:
    """The same text, but never a formula: spreadsheets take an apostrophe in front as *this is text*."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
