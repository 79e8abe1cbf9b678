"""Wiring: what this room hangs into Wagtail."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from wagtail_personalize.segments.admin.menu import MENU_HOOK

from .admin import urls
from .admin.bulk_audience import AudienceBulkAction
from .admin.buttons import header_buttons
from .admin.explorer_viewset import ORDER, register_explorer
from .admin.moving import ask_before_bulk_move, ask_before_move
from .admin.moving_files import ask_before_refiling
from .admin.report import AudienceReportItem
from .admin.seeing import warn_after_publishing
from .caching.pages import serve_from_cache
from .content.admin import viewsets
from .content.landing import lead_to_landing_page
from .doors.choosers import choosable
from .doors.files import guard_document
from .doors.rich_text import guard_links
from .gate import gate
from .log_formatter import AudienceFormatter
from .page_audiences import LOG_ACTION
from .userbar import say_whom

hooks.register("before_serve_page", gate, order=-1000)
hooks.register("on_serve_page", serve_from_cache, order=10_000)
hooks.register("before_serve_page", lead_to_landing_page, order=-900)
hooks.register("register_admin_viewset", lambda: viewsets)
hooks.register("construct_page_chooser_queryset", choosable)
hooks.register("before_serve_document", guard_document, order=-1000)
hooks.register("register_page_header_buttons", header_buttons)
hooks.register("construct_wagtail_userbar", say_whom)
hooks.register("after_publish_page", warn_after_publishing)
hooks.register("register_admin_viewset", register_explorer, order=ORDER)
hooks.register("register_bulk_action", AudienceBulkAction)
hooks.register("before_move_page", ask_before_move)
hooks.register("before_bulk_action", ask_before_bulk_move)
hooks.register("before_bulk_action", ask_before_refiling)
hooks.register("register_rich_text_features", guard_links, order=10_000)


@hooks.register("register_admin_urls")
def register_admin_urls():
    return urls.urlpatterns


@hooks.register(MENU_HOOK)
def register_report():
    return AudienceReportItem(_("Audiences"), reverse("personalize_targeting:report"), icon_name="view", order=300)


@hooks.register("register_log_actions")
def register_log_actions(actions):
    actions.register_action(LOG_ACTION)(AudienceFormatter)
