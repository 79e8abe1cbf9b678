"""The page of a report in the admin, and the same as a file. Every look is logged: who, which report, which choices."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from wagtail_personalize.privacy.admin_page import PermittedPageMixin
from wagtail_personalize.privacy.spreadsheets import NeutralExportMixin

from ..models import ReportLook
from .cells import Body, Table
from .filters import Asked, ReportFilterSet
from .reading import Reader
from .registry import offered, report_called
from .report import Report
from .weekly.models import ReportSubscription

#: The permission to look at reports.
VIEW = "personalize_engagement.view_figures"


def log_look(user: Any, report: str, filters: str, export: str = "") -> ReportLook:
    """Record that ``user`` was shown a report."""
    return ReportLook.objects.create(actor=user, report=report[:100], filters=filters[:2000], export=export[:10])


class ReportPage(NeutralExportMixin, PermittedPageMixin, TemplateView):
    """One page for all reports; ``name`` of its address says which."""

    template_name = "wagtail_personalize/engagement/admin/report.html"
    header_icon = "view"
    permissions = (VIEW,)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        body = self.body
        log_look(request.user, self.look_name, request.GET.urlencode(), request.GET["export"] if self.is_export else "")
        if self.is_export:
            return self._file(body.tables[0] if body.tables else Table("", [], []))
        return super().get(request, *args, **kwargs)

    @cached_property
    def report(self) -> Report:
        found = report_called(self.kwargs["name"])
        if found is None:
            raise Http404
        return found

    @property
    def look_name(self) -> str:
        return self.report.name

    @cached_property
    def asked(self) -> Asked:
        return Asked(self.request.GET.dict(), Reader(), self.report.spans)

    @cached_property
    def body(self) -> Body:
        return self.report.build(self.asked, self.request)

    def _file(self, table: Table) -> HttpResponse:
        self.list_export = [str(number) for number in range(len(table.columns))]
        self.export_headings = {str(number): str(column.label) for number, column in enumerate(table.columns)}
        rows = [{str(number): cell.exported for number, cell in enumerate(row)} for row in table.rows]
        return self.as_spreadsheet(rows, self.request.GET["export"])

    def get_filename(self) -> str:
        return f"{self.report.name}-{self.asked.period.key if self.asked.period else 'empty'}"

    def get_page_title(self) -> str:
        return str(self.report.title)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        overview = {"url": reverse("personalize_engagement:overview"), "label": _("Engagement")}
        return [*self.breadcrumbs_items, overview, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        filterset = ReportFilterSet(self.asked, self.report.choices, request=self.request)
        return super().get_context_data(**kwargs) | {
            "report": self.report,
            "reports": self.navigation(),
            "body": self.body,
            "filters_form": filterset.form if self.report.choices else None,
            "export_links": self._export_links(),
            "is_overview": self.report.name == "overview",
            "is_subscribed": ReportSubscription.objects.filter(person=self.request.user).exists(),
            "period": self.asked.period if "period" in self.report.choices else None,
        }

    def navigation(self) -> list[dict[str, Any]]:
        return [
            {"title": one.title, "url": report_url(one.name), "is_here": one.name == self.report.name}
            for one in offered()
        ]

    def _export_links(self) -> list[tuple[str, str]]:
        if not self.body.tables or not self.body.tables[0].rows:
            return []
        links = []
        for format in self.FORMATS:
            query = self.request.GET.copy()
            query["export"] = format
            links.append((format.upper(), f"?{query.urlencode()}"))
        return links


def report_url(name: str) -> str:
    if name == "overview":
        return reverse("personalize_engagement:overview")
    return reverse("personalize_engagement:report", args=[name])
