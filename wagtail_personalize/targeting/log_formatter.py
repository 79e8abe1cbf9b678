"""How the page history tells that an audience was changed."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogFormatter


class AudienceFormatter(LogFormatter):
    """A sentence with the segments' names as they were then."""

    label = gettext_lazy("Change audience")

    def format_message(self, log_entry: Any) -> str:
        try:
            after = log_entry.data["after"]
            said = [
                *(_("restricted to %(people)s") % {"people": _people(clause)} for clause in after["restrict"]),
                *(_("recommended to %(people)s") % {"people": _people(clause)} for clause in after["recommend"]),
            ]
        except (KeyError, TypeError):
            return _("Audience changed")
        return _("Audience changed: %(audience)s") % {"audience": "; ".join(said) or _("everyone")}


def _people(clause: dict[str, list[str]]) -> str:
    meant = _(" or ").join(clause["include"]) or _("everyone")
    if not clause["exclude"]:
        return meant
    return _("%(people)s except %(others)s") % {"people": meant, "others": ", ".join(clause["exclude"])}
