"""Wiring: what this room hangs into Wagtail."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from wagtail_personalize.segments.admin.menu import MENU_HOOK

from .admin import urls
from .admin.buttons import header_buttons
from .admin.report import AudienceReportItem
from .gate import gate
from .log_formatter import AudienceFormatter
from .page_audiences import LOG_ACTION

hooks.register("before_serve_page", gate, order=-1000)
hooks.register("register_page_header_buttons", header_buttons)


@hooks.register("register_admin_urls")
def register_admin_urls():
    return urls.urlpatterns


@hooks.register(MENU_HOOK)
def register_report():
    return AudienceReportItem(_("Audiences"), reverse("personalize_targeting:report"), icon_name="view", order=300)


@hooks.register("register_log_actions")
def register_log_actions(actions):
    actions.register_action(LOG_ACTION)(AudienceFormatter)
