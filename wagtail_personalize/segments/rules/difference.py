"""What changed from one rule to another, condition by condition.

Groups are compared with the group that stands in their place. Equal parts are set aside first; of what is left, a
condition on the same subject counts as changed, and the rest as removed or added. A rule that was rebuilt (its groups
mean something else now, or little of it is left) has no such difference: then only both sentences help.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from .structure import DEEPEST, MOST_ITEMS, group_of

#: More changes than this are read more easily as the whole rule before and after.
MOST_CHANGES = 8


@dataclass(frozen=True)
class Change:
    """One condition, or a whole group, that was added, removed or changed."""

    kind: Literal["added", "removed", "changed"]
    #: The condition or group as it is now; when removed, as it was.
    part: Any
    #: The kinds of the groups in which it stands, from the top.
    path: tuple[str, ...]
    #: What a changed condition said before.
    was: Any = None


class _Rebuilt(Exception):
    """There is no difference that anybody would want to read."""


def difference(before: Any, after: Any) -> list[Change] | None:
    """The changes from ``before`` to ``after``; ``None`` when the rule was rebuilt. Reads any JSON."""
    try:
        changes = list(_of_groups(before, after, ()))
    except _Rebuilt:
        return None
    return changes if len(changes) <= MOST_CHANGES else None


def _of_groups(before: Any, after: Any, path: tuple[str, ...]) -> Iterator[Change]:
    kind = group_of(after)
    if kind is None or kind != group_of(before) or len(path) >= DEEPEST:
        raise _Rebuilt
    was, now = _parts(before[kind]), _parts(after[kind])
    was, now = _without(was, now), _without(now, was)
    path = (*path, kind)
    for old, new in _pairs(was, now):
        was, now = _without(was, [old]), _without(now, [new])
        if group_of(new):
            yield from _of_groups(old, new, path)
        else:
            yield Change("changed", new, path, old)
    yield from (Change("removed", part, path) for part in was)
    yield from (Change("added", part, path) for part in now)


def _pairs(was: list[Any], now: list[Any]) -> Iterator[tuple[Any, Any]]:
    """Parts that took each other's place: there is just one of their subject on either side."""
    for old in was:
        subject = _subject(old)
        before = [part for part in was if _subject(part) == subject]
        after = [part for part in now if _subject(part) == subject]
        if len(before) == len(after) == 1:
            yield old, after[0]


def _subject(part: Any) -> tuple[str, str]:
    """What a part is about: a group by its kind, a condition by its attribute or, without one, its operator."""
    if kind := group_of(part):
        return ("group", kind)
    if not isinstance(part, dict):
        return ("", _canonical(part))
    return ("condition", _canonical(part.get("attribute") or str(part.get("operator", "")).removeprefix("not_")))


def _parts(parts: Any) -> list[Any]:
    if not isinstance(parts, list) or len(parts) > MOST_ITEMS:
        raise _Rebuilt
    return parts


def _without(parts: list[Any], others: list[Any]) -> list[Any]:
    """``parts`` less those that equal one of ``others``, each of which takes away one."""
    gone = [_canonical(other) for other in others]
    left = []
    for part in parts:
        text = _canonical(part)
        if text in gone:
            gone.remove(text)
        else:
            left.append(part)
    return left


def _canonical(part: Any) -> str:
    return json.dumps(part, sort_keys=True, default=str)
