"""Wiring: what this room hangs into Wagtail."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from .admin import bulk, opening
from .admin.moderation import comment_viewset
from .comments.opening import LOG_ACTION
from .comments.reporting import APPROVED, HIDDEN

hooks.register("register_page_header_buttons", opening.header_buttons)
hooks.register("register_admin_urls", lambda: opening.urlpatterns)
hooks.register("register_admin_viewset", lambda: comment_viewset)
hooks.register("register_bulk_action", bulk.ApproveBulkAction)
hooks.register("register_bulk_action", bulk.HideBulkAction)


@hooks.register("register_log_actions")
def register_log_actions(actions):
    actions.register_action(LOG_ACTION)(opening.OpeningFormatter)
    actions.register_action(HIDDEN, _("Hide comment"), _("Hidden"))
    actions.register_action(APPROVED, _("Approve comment"), _("Approved"))
