"""The bones of a rule: groups that hold conditions and groups.

A group is ``{"all": […]}``, ``{"any": […]}`` or ``{"none": […]}``; a condition is any other dictionary. What is read
here may be any JSON, however deep: nothing descends below ``DEEPEST`` or looks at more than ``MOST_ITEMS``.
"""

from collections.abc import Iterator
from typing import Any

GROUPS = ("all", "any", "none")
#: Groups within groups, the rule itself being the first.
DEEPEST = 6
MOST_CONDITIONS = 50
#: Conditions and groups together; a bound on the work that a hostile rule can cause.
MOST_ITEMS = 400

Path = tuple[str | int, ...]


def group_of(item: Any) -> str | None:
    """``"all"``, ``"any"`` or ``"none"`` when ``item`` is meant as a group."""
    if isinstance(item, dict):
        for name in GROUPS:
            if name in item:
                return name
    return None


def conditions_in(rule: Any) -> Iterator[dict[str, Any]]:
    """The conditions of any stored JSON in order, as far as its bones can be understood."""
    pending, seen = [(rule, 1)], 0
    while pending and seen < MOST_ITEMS:
        item, depth = pending.pop()
        seen += 1
        if kind := group_of(item):
            if depth <= DEEPEST and isinstance(item[kind], list):
                pending.extend((part, depth + 1) for part in reversed(item[kind][:MOST_ITEMS]))
        elif isinstance(item, dict) and item:
            yield item
