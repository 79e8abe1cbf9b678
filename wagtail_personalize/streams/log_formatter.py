"""How the page history tells that hashtags were added or taken away."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogFormatter


class HashtagsFormatter(LogFormatter):
    """A sentence with the hashtags as they were then."""

    label = gettext_lazy("Change hashtags")

    def format_message(self, log_entry: Any) -> str:
        try:
            after = ", ".join(log_entry.data["after"])
        except (KeyError, TypeError):
            return _("Hashtags changed")
        return _("Added hashtags: %(hashtags)s") % {"hashtags": after or _("none")}
