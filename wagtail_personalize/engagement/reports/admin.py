"""Where the reports stand in Wagtail's admin: a menu item, a panel at home, a button and a side panel at each page."""

from collections.abc import Iterator
from functools import wraps
from operator import attrgetter
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import include, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.menu import MenuItem
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.ui.components import Component, MediaContainer
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.widgets.button import Button

from wagtail_personalize.privacy.figures import rules

from .cells import number_cell, share_cell
from .choosing_segments import ReportingSegments
from .filters import Asked
from .key_figures import SiteNumbers
from .one_page import PageReport, reach_of
from .reading import Reader
from .view import VIEW, ReportPage, log_look
from .weekly.views import subscribe

_FOLDER = "wagtail_personalize/engagement"


def may_look(user: Any) -> bool:
    return user.has_perm(VIEW)


class ReportsItem(MenuItem):
    """In the menu *Reports*, for those who may look."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_look(request.user)


def menu_item() -> ReportsItem:
    url = reverse("personalize_engagement:overview")
    return ReportsItem(gettext_lazy("Engagement"), url, icon_name="view", order=200)


def header_buttons(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """The button *Figures* in the header of a page."""
    if not page.is_root() and may_look(user) and rules().is_measured:
        yield Button(
            _("Figures"), reverse("personalize_engagement:page", args=[page.pk]), icon_name="view", priority=46
        )


class HomePanel(Component):
    """The six key figures on the first page of the admin."""

    name = "personalize_engagement"
    template_name = "wagtail_personalize/engagement/admin/home_panel.html"
    order = 150

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        asked = Asked({}, Reader())
        figures = SiteNumbers(asked.reader, asked.period).figures() if asked.period else []
        if figures:
            log_look(self.request.user, "home", "")
        return {"figures": figures, "period": asked.period, "url": reverse("personalize_engagement:overview")}

    @property
    def media(self) -> forms.Media:
        return forms.Media(css={"all": [versioned_static(f"{_FOLDER}/reports.css")]})


def add_home_panel(request: HttpRequest, panels: list[Any]) -> None:
    if may_look(request.user) and rules().is_measured:
        panels.append(HomePanel(request))


class ReachSidePanel(BaseSidePanel):
    """Reach of this page among its audience, beside the editor."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = gettext_lazy("Toggle reach")
        icon_name = "view"
        has_counter = False

    name = "reach"
    title = gettext_lazy("Reach of this page among its audience")
    template_name = f"{_FOLDER}/admin/side_panel.html"
    order = 160

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        found = reach_of(self.object)
        context = super().get_context_data(parent_context)
        context |= {"url": reverse("personalize_engagement:page", args=[self.object.pk]), "period": None}
        if found:
            reach, viewers, period = found
            log_look(self.request.user, f"page {self.object.pk}", "")
            context |= {"reach": share_cell(reach), "viewers": number_cell(viewers), "period": period}
        return context

    @property
    def media(self) -> forms.Media:
        return forms.Media(css={"all": [versioned_static(f"{_FOLDER}/reports.css")]})


def attach() -> None:
    """Give the editor of every page type the panel, once, when the app is ready; as the panel of the audience."""
    original = EditView.get_side_panels

    @wraps(original)
    def get_side_panels(self: EditView) -> MediaContainer:
        panels = original(self)
        is_wanted = getattr(self, "hydrate_create_view", False) or not self.expects_json_response
        if is_wanted and may_look(self.request.user) and rules().is_measured:
            return MediaContainer(sorted([*panels, ReachSidePanel(self.page, self.request)], key=attrgetter("order")))
        return panels

    EditView.get_side_panels = get_side_panels


_patterns = [
    path("", ReportPage.as_view(), {"name": "overview"}, name="overview"),
    path("page/<int:page_id>/", PageReport.as_view(), name="page"),
    path("segments/choose/", ReportingSegments.as_view(), name="reporting_segments"),
    path("weekly/", subscribe, name="weekly"),
    path("<slug:name>/", ReportPage.as_view(), name="report"),
]

urlpatterns = [path("reports/engagement/", include((_patterns, "personalize_engagement")))]
