"""The audience in the page editor: its status in the header, and a panel with the way to change it."""

from functools import wraps
from operator import attrgetter
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.admin.views.pages.edit import EditView

from .seeing import who_sees
from .status import PageStatus


class AudienceSidePanel(BaseSidePanel):
    """Who may open this page, for whom it is recommended, and how many people that is."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        template_name = "wagtail_personalize/targeting/admin/side_panel_toggle.html"
        aria_label = _("Toggle audience")
        icon_name = "group"
        has_counter = False

        def get_context_data(self, parent_context: Any) -> dict[str, Any]:
            return super().get_context_data(parent_context) | {"status": self.panel.status}

    name = "audience"
    title = _("Audience")
    template_name = "wagtail_personalize/targeting/admin/side_panel.html"
    order = 150

    def __init__(self, object: Any, request: Any) -> None:
        super().__init__(object, request)
        self.status = PageStatus(object, request.user)

    @property
    def media(self) -> forms.Media:
        folder = "wagtail_personalize/targeting"
        return forms.Media(
            js=[versioned_static(f"{folder}/who-sees.js")],
            css={"all": [versioned_static(f"{folder}/{name}.css") for name in ("audience-input", "who-sees")]},
        )

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        permissions = self.object.permissions_for_user(self.request.user)
        return super().get_context_data(parent_context) | {
            "status": self.status,
            "change_url": reverse("personalize_targeting:page_audience", args=[self.object.pk]),
            "may_change": permissions.can_publish(),
            "check_url": reverse("personalize_targeting:check_page", args=[self.object.pk]),
            "who_sees": who_sees(self.object, self.request.user),
        }


def attach() -> None:
    """Give the editor of every page type the panel. Called once, when the app is ready.

    Wagtail has no hook for the side panels of a page; the method is the same in all supported versions.
    """
    original = EditView.get_side_panels

    @wraps(original)
    def get_side_panels(self: EditView) -> MediaContainer:
        panels = original(self)
        if getattr(self, "hydrate_create_view", False) or not self.expects_json_response:
            return MediaContainer(
                sorted([*panels, AudienceSidePanel(self.page, self.request)], key=attrgetter("order"))
            )
        return panels

    EditView.get_side_panels = get_side_panels
