"""Where the status stands in Wagtail's admin."""

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from .views import VIEW, MeasurementStatus

NAME = "personalize_measurement_status"


class StatusItem(MenuItem):
    """In the menu *Reports*, for those who may look."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(VIEW)


def menu_item() -> StatusItem:
    return StatusItem(_("Measurement status"), reverse(NAME), icon_name="history", order=1100)


urlpatterns = [path("reports/measurement-status/", MeasurementStatus.as_view(), name=NAME)]
