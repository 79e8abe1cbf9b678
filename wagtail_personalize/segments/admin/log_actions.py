"""What the history of a segment tells beside "created", "edited", "published" and "deleted": what changed, in words."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogFormatter

#: Something about a segment was changed; the entry keeps the difference (see ``changes.py``).
SEGMENT_CHANGED = "wagtail_personalize.change_segment"

Data = dict[str, Any]


def register_log_actions(actions: Any) -> None:
    """For the hook of the same name."""

    @actions.register_action(SEGMENT_CHANGED)
    class SegmentChanged(LogFormatter):
        label = gettext_lazy("Change segment")

        def format_message(self, entry: Any) -> str:
            said = "; ".join(_sentences(entry.data))
            if entry.data.get("draft"):
                return _("Changed in the draft: %(changes)s") % {"changes": said}
            return _("Changed: %(changes)s") % {"changes": said}


def _sentences(data: Data) -> Iterator[str]:
    if rule := data.get("rule"):
        yield from _about_rule(rule)
    if name := data.get("name"):
        yield _("name from “%(before)s” to “%(after)s”") % name
    if category := data.get("category"):
        none = _("none")
        shown = {key: category.get(key) or none for key in ("before", "after")}
        yield _("category from “%(before)s” to “%(after)s”") % shown
    if slug := data.get("slug"):
        yield _("short name from “%(before)s” to “%(after)s”") % slug
    if data.get("description"):
        yield _("description")
    if "live" in data:
        yield _("published") if data["live"] else _("made a draft")
    if journey := data.get("journey"):
        yield _("the stages of the journey “%(name)s”") % {"name": journey}
    if people := data.get("included"):
        yield _("always in this segment: %(people)s") % {"people": _about_people(people)}
    if people := data.get("excluded"):
        yield _("never in this segment: %(people)s") % {"people": _about_people(people)}


def _about_rule(rule: Data) -> Iterator[str]:
    """The conditions that changed; for a rule that is new or was rebuilt, how it reads as a whole."""
    if not rule.get("before"):
        yield _("rule: “%(after)s”") % rule
    elif not rule.get("changes"):
        yield _("rule from “%(before)s” to “%(after)s”") % rule
    for change in rule.get("changes") or ():
        said = _change(change)
        yield _("%(change)s (in “%(group)s”)") % {"change": said, "group": change["group"]} if change["group"] else said


def _change(change: Data) -> str:
    match change["kind"]:
        case "added":
            return _("added: %(condition)s") % change
        case "removed":
            return _("removed: %(condition)s") % change
    return _("%(was)s → %(condition)s") % change


def _about_people(people: Data) -> str:
    """Without figures: whoever reads the log of the site may not see members, nor count them."""
    said = [(people.get("added"), _("people added")), (people.get("removed"), _("people removed"))]
    return ", ".join(text for number, text in said if number)
