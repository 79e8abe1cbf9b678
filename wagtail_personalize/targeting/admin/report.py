"""The report *Audiences*: every page that somebody targeted."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.reports import PageReportView
from wagtail.permission_policies.pages import PagePermissionPolicy

from wagtail_personalize.privacy.limits import live_sizes_used_up
from wagtail_personalize.privacy.sizes import shown_size
from wagtail_personalize.privacy.spreadsheets import NeutralExportMixin

from ..audiences import clauses_of
from ..clauses import Clauses
from ..models import PageAudience
from ..page_tree import page_model
from ..reach import reach
from .endpoints import VIEW_MEMBERS, is_editor
from .sizes import tell_about_personal
from .status import in_words


class AudienceReportItem(MenuItem):
    """The report in the menu, for those who may open it."""

    def is_shown(self, request: Any) -> bool:
        return is_editor(request.user)


class AudienceReport(NeutralExportMixin, PageReportView):
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
        return _Words(self.request.user)


class _Words(dict):
    """Sentence and reach of each audience, worked out once however many pages have it.

    The reach is empty where ``PageStatus`` would not tell it to this user either.
    """

    def __init__(self, user: Any) -> None:
        super().__init__()
        self.exact = user.has_perm(VIEW_MEMBERS)
        self.sizes = self.exact or not live_sizes_used_up(user)

    def __missing__(self, audience: Any) -> tuple[str, str]:
        clauses = clauses_of(audience)
        found = self[audience] = (in_words(clauses), self._reach(clauses)) if clauses else ("", "")
        return found

    def _reach(self, clauses: Clauses) -> str:
        if not self.sizes or (not self.exact and tell_about_personal(clauses)):
            return ""
        return shown_size(reach(clauses), self.exact)
