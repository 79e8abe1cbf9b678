"""The audit of auto-subscription: an entry with the page, if it is about one, and one with the segment."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogFormatter, log

from wagtail_personalize.segments.asked_once import found_once
from wagtail_personalize.segments.context import current_viewer, is_viewed
from wagtail_personalize.targeting.page_tree import page_model

from ..sources.kinds import kind_called
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
    if rule.source.kind == PAGE:
        data["page"] = rule.source.key
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
                "source": _told(data["source"], data.get("page")),
                "segment": data["segment"],
                "before": Mode(data["before"]).short,
                "after": Mode(data["after"]).short,
            }
        except (KeyError, ValueError):
            return _("Auto-subscription changed")
        return _("Auto-subscription of “%(segment)s” to “%(source)s”: %(before)s → %(after)s") % words


def _told(title: str, page_key: str | None) -> str:
    """The title, unless the entry is about a page and read by an editor who may not be told of it, or it is gone."""
    if page_key is None or not is_viewed():
        return title
    viewer = current_viewer()
    named = found_once(viewer, "pages named in logs", [page_key], lambda keys: kind_called(PAGE).named_to(keys, viewer))
    return title if page_key in named else _("a page")
