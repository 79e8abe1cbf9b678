"""The audit of auto-subscription: an entry with the page, if it is about one, and one with the segment."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogFormatter, log

from wagtail_personalize.targeting.page_tree import page_model

from ..sources.pages import PAGE
from .applied import Applied
from .models import Mode, SubscriptionRule

LOG_ACTION = "wagtail_personalize.subscription_rule"


def log_rule(rule: SubscriptionRule, before: int, done: Applied, kept: int, user: Any, label: str) -> None:
    """That a rule was set, and how many people it touched."""
    data = {
        "source": label,
        "segment": rule.segment.name,
        "before": before,
        "after": rule.mode,
        "grace_days": rule.grace_days,
        "began": done.began + done.changed,
        "ended": done.ended,
        "kept": kept,
    }
    log(instance=rule.segment, action=LOG_ACTION, user=user, data=data)
    if rule.source.kind == PAGE:
        for page in page_model()._base_manager.filter(translation_key=rule.source.key):
            log(instance=page, action=LOG_ACTION, user=user, data=data)


class SubscriptionRuleFormatter(LogFormatter):
    """A sentence with the source and the segment as they were called then."""

    label = gettext_lazy("Change auto-subscription")

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data or {}
        try:
            words = {
                "source": data["source"],
                "segment": data["segment"],
                "before": Mode(data["before"]).short,
                "after": Mode(data["after"]).short,
            }
        except (KeyError, ValueError):
            return _("Auto-subscription changed")
        return _("Auto-subscription of “%(segment)s” to “%(source)s”: %(before)s → %(after)s") % words
