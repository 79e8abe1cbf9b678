"""From a rule's JSON to the raw value of the blocks, and back, without loss.

The blocks' raw value is ``{"match": "all", "items": [{"type": …, "value": …}]}``; a nested group is an item of type
``group`` with the same value. A part that the blocks cannot show, because its attribute or operator is unknown, it is
too deep, or its user may not use it, travels in a block of type ``stored`` that carries the part as it is. Whatever
block shows a part, reading it back gives exactly this part: that is checked for each, so nothing is ever lost.
"""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _

from ...rules.schema import Problem
from ...rules.shapes import problems_of_value
from ...rules.structure import DEEPEST, Path, group_of
from .shapes import form_of
from .subjects import Subjects

Raw = dict[str, Any]

#: The types of the two blocks that stand for something else than a condition.
GROUP, STORED = "group", "stored"


def to_blocks(rule: Any, subjects: Subjects) -> Raw:
    """The raw value of the block that shows ``rule``."""
    if is_group(rule):
        return _group(rule, subjects, 1)
    return {"match": "all", "items": [_stored(rule)] if rule else []}


def from_blocks(raw: Raw, subjects: Subjects) -> dict[str, Any]:
    """The rule that the raw value says; item N of a group is child N of its stream."""
    return {raw.get("match") or "all": [_read(child, subjects) for child in raw.get("items") or []]}


def surplus(raw: Raw, subjects: Subjects, path: Path = ()) -> Iterator[Problem]:
    """Conditions with several values whose operator takes one."""
    for position, child in enumerate(raw.get("items") or []):
        here = (*path, raw.get("match") or "all", position)
        if child["type"] == GROUP:
            yield from surplus(child["value"], subjects, here)
        elif child["type"] != STORED and len(child["value"].get("values") or ()) > 1:
            label, shape = subjects[child["type"]].operators[child["value"]["operator"]]
            if form_of(shape).limit == 1:
                yield Problem(here, _("“%(operator)s” takes one value. Remove the others.") % {"operator": label})


def is_group(item: Any) -> bool:
    """Is it a group exactly as rules are written: one list and nothing else?"""
    kind = group_of(item)
    return kind is not None and len(item) == 1 and isinstance(item[kind], list)


def _group(rule: dict[str, Any], subjects: Subjects, depth: int) -> Raw:
    kind = group_of(rule)
    return {"match": kind, "items": [_show(item, subjects, depth) for item in rule[kind]]}


def _show(item: Any, subjects: Subjects, depth: int) -> Raw:
    if is_group(item) and depth < DEEPEST:
        return _child(GROUP, _group(item, subjects, depth + 1))
    shown = _condition(item, subjects) if isinstance(item, dict) else None
    return shown if shown and _same(_read(shown, subjects), item) else _stored(item)


def _condition(condition: dict[str, Any], subjects: Subjects) -> Raw | None:
    operator = condition.get("operator")
    subject = subjects.of(condition) if isinstance(operator, str) else None
    if subject is None:
        return None
    _label, shape = subject.operators[operator]
    if any(problems_of_value(shape, condition)) and not _is_unfinished(condition.get("value")):
        return None
    return _child(subject.block, {"operator": operator, **form_of(shape).fill(condition)})


def _read(child: Raw, subjects: Subjects) -> Any:
    value = child["value"]
    if child["type"] == GROUP:
        return from_blocks(value, subjects)
    if child["type"] == STORED:
        return _loaded(value)
    subject, operator = subjects[child["type"]], value.get("operator")
    if operator not in subject.operators:
        return {**subject.says, "operator": operator}
    _label, shape = subject.operators[operator]
    return {**subject.says, "operator": operator, **form_of(shape).read(value)}


def _stored(item: Any) -> Raw:
    return _child(STORED, json.dumps(item))


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return {}


def _child(kind: str, value: Any) -> Raw:
    return {"type": kind, "value": value, "id": str(uuid4())}


def _is_unfinished(value: Any) -> bool:
    """Does a draft still lack this value, or an end of it?"""
    return value is None or value == [] or (isinstance(value, list) and len(value) == 2 and None in value)


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Equal as JSON, where 1 is not true. How far *reports to* reaches may go without saying."""
    if "depth" in one and "depth" not in other:
        other = {**other, "depth": "any"}
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
