"""What changed from one version of a segment to the next, kept in the audit log.

The entry has the difference of the rule as sentences, in the language of whoever changed it, and of the lists of named
people only how many were added and removed.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ..list_changes import Lists, lists_of
from ..models import Segment
from ..rules.difference import Change, difference
from ..rules.sentence import sentence, sentences
from .log_actions import SEGMENT_CHANGED


@dataclass(frozen=True)
class Version:
    """A segment as it was at one time."""

    name: str = ""
    category: str = ""
    rule: Any = None
    lists: Lists = ((), ())

    @classmethod
    def of(cls, segment: Segment, lists: Lists | None = None) -> "Version":
        """``segment`` as it is on the instance, with the lists of people that it has or would get."""
        category = str(segment.category) if segment.category else ""
        return cls(segment.name, category, segment.rule, lists if lists is not None else lists_of(segment))


def log_change(segment: Segment, before: Version | None, after: Version, user: Any, *, draft: bool = False) -> None:
    """One entry in the history of ``segment`` when something is different; ``before`` is ``None`` for a new one."""
    if data := told(before or Version(), after, is_new=before is None):
        log(segment, SEGMENT_CHANGED, data={**data, "draft": draft}, user=user, content_changed=True)


def told(before: Version, after: Version, *, is_new: bool = False) -> dict[str, Any]:
    """The difference as the audit log keeps it; empty when there is none."""
    data: dict[str, Any] = {}
    if after.rule != before.rule:
        data["rule"] = {"after": sentence(after.rule)} if is_new else _rule(before.rule, after.rule)
    for name in ("name", "category"):
        if not is_new and getattr(before, name) != getattr(after, name):
            data[name] = {"before": getattr(before, name), "after": getattr(after, name)}
    for name, was, now in zip(("included", "excluded"), before.lists, after.lists, strict=True):
        if set(was) != set(now):
            data[name] = {"added": len({*now} - {*was}), "removed": len({*was} - {*now})}
    return data


def _rule(before: Any, after: Any) -> dict[str, Any]:
    was, now = sentences([before, after])
    changes = difference(before, after)
    return {"before": was, "after": now, "changes": _worded(changes) if changes else []}


def _worded(changes: list[Change]) -> list[dict[str, str]]:
    """The changes with their conditions read aloud, all at once."""
    now = sentences({"all": [change.part]} for change in changes)
    was = sentences({"all": [change.was]} for change in changes)
    return [
        {"kind": change.kind, "condition": condition, "was": old if change.was else "", "group": _group(change.path)}
        for change, condition, old in zip(changes, now, was, strict=True)
    ]


def _group(path: tuple[str, ...]) -> str:
    """Where a condition stands, unless it is where most stand: among those that all have to be true."""
    if path == ("all",):
        return ""
    return {"all": _("all of these"), "any": _("at least one of these"), "none": _("none of these")}[path[-1]]
