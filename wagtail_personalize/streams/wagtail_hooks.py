"""Wiring: what this room hangs into Wagtail."""

from wagtail import hooks

from . import draftail
from .admin import urls
from .admin.buttons import header_buttons
from .admin.viewset import hashtag_viewset
from .automatic.logging import LOG_ACTION as RULE_ACTION
from .automatic.logging import SubscriptionRuleFormatter
from .log_formatter import HashtagsFormatter
from .page_hashtags import LOG_ACTION
from .timeline import admin as timeline_admin
from .timeline import must_know

hooks.register("register_page_header_buttons", header_buttons)
hooks.register("register_page_header_buttons", timeline_admin.header_buttons)
hooks.register("register_admin_viewset", lambda: hashtag_viewset)
hooks.register("register_rich_text_features", draftail.register)


@hooks.register("register_admin_urls")
def register_admin_urls():
    return [*urls.urlpatterns, *timeline_admin.urlpatterns]


@hooks.register("register_log_actions")
def register_log_actions(actions):
    actions.register_action(LOG_ACTION)(HashtagsFormatter)
    actions.register_action(RULE_ACTION)(SubscriptionRuleFormatter)
    actions.register_action(must_know.LOG_ACTION)(must_know.MustKnowFormatter)
