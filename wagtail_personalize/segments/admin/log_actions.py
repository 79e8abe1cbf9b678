"""What the history of a segment tells beside "created", "edited" and "deleted"."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogFormatter

#: The rule was changed; the entry keeps how it read before and after.
RULE_CHANGED = "wagtail_personalize.change_rule"


def register_log_actions(actions: Any) -> None:
    """For the hook of the same name."""

    @actions.register_action(RULE_CHANGED)
    class RuleChanged(LogFormatter):
        label = gettext_lazy("Change rule of segment")

        def format_message(self, entry: Any) -> str:
            return _("Rule changed from “%(before)s” to “%(after)s”") % {
                "before": entry.data.get("before", ""),
                "after": entry.data.get("after", ""),
            }
