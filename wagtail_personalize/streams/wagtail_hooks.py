"""Wiring: what this room hangs into Wagtail."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from . import draftail
from .admin import bulk_hashtags as bulk
from .admin import urls
from .admin.buttons import header_buttons
from .admin.rule_list import rules_viewset
from .admin.viewset import hashtag_viewset
from .automatic.logging import LOG_ACTION as RULE_ACTION
from .automatic.logging import SubscriptionRuleFormatter
from .formats import admin as formats_admin
from .formats.page_formats import LOG_ACTION as FORMAT_ACTION
from .log_formatter import HashtagsFormatter
from .mailing.admin import mails_viewset
from .notifications import admin as notifications_admin
from .notifications import sending
from .notifications.viewset import preference_default_viewset
from .page_hashtags import LOG_ACTION
from .saved_filters.viewset import ready_filter_viewset
from .timeline import admin as timeline_admin
from .timeline import must_know

hooks.register("register_page_header_buttons", header_buttons)
hooks.register("register_page_header_buttons", timeline_admin.header_buttons)
hooks.register("register_page_header_buttons", formats_admin.header_buttons)
hooks.register("register_page_header_buttons", notifications_admin.header_buttons)
hooks.register("register_admin_urls", lambda: notifications_admin.urlpatterns)
hooks.register("register_admin_viewset", lambda: preference_default_viewset)
hooks.register("register_admin_viewset", lambda: hashtag_viewset)
hooks.register("register_admin_viewset", lambda: rules_viewset)
hooks.register("register_bulk_action", bulk.ReviewBulkAction)
hooks.register("register_bulk_action", bulk.BlockBulkAction)
hooks.register("register_bulk_action", bulk.MergeBulkAction)
hooks.register("register_rich_text_features", draftail.register)
hooks.register("register_admin_viewset", lambda: ready_filter_viewset)
hooks.register("register_admin_viewset", lambda: mails_viewset)


@hooks.register("register_admin_urls")
def register_admin_urls():
    return [*urls.urlpatterns, *timeline_admin.urlpatterns, *formats_admin.urlpatterns]


@hooks.register("register_log_actions")
def register_log_actions(actions):
    actions.register_action(LOG_ACTION)(HashtagsFormatter)
    actions.register_action(bulk.REVIEWED, _("Approve hashtag"), _("Approved for the trending hashtags"))
    actions.register_action(bulk.BLOCKED, _("Block hashtag"), _("Blocked"))
    actions.register_action(bulk.MERGED)(bulk.MergedFormatter)
    actions.register_action(RULE_ACTION)(SubscriptionRuleFormatter)
    actions.register_action(FORMAT_ACTION)(formats_admin.FormatFormatter)
    actions.register_action(sending.LOG_ACTION)(sending.NotifyFormatter)
    actions.register_action(must_know.LOG_ACTION)(must_know.MustKnowFormatter)
