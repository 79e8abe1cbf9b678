"""Conditions that ask about something else than a declared attribute, such as *is in segment*.

A registry: each condition type is known by the operator that stands in the rule. An entry says everything that the
rest of the engine has to know about it, so a new type is one class that is decorated with ``register``. What is wrong
with a registration is told by a system check.
"""

from collections.abc import Mapping
from typing import TypeVar

from .base import ConditionType
from .registering import faults_of
from .watches import listen

T = TypeVar("T", bound="ConditionType | type[ConditionType]")

_types: dict[str, ConditionType] = {}
#: Sentences about registrations that were refused.
refused: list[str] = []


def register(condition: T) -> T:
    """Make a condition type (an instance or its class) known; usable as a decorator."""
    faults = list(faults_of(condition, _types))
    if faults:
        refused.extend(faults)
        return condition
    known = condition() if isinstance(condition, type) else condition
    _types[known.operator] = known
    for position, watched in enumerate(known.watches):
        listen(known.topic, position, watched, _tell)
    return condition


def get(operator: str) -> ConditionType | None:
    """The condition type with this operator."""
    return _all().get(operator)


def all_types() -> Mapping[str, ConditionType]:
    """Every condition type by its operator, in the order of menus."""
    return dict(_all())


def _all() -> dict[str, ConditionType]:
    from . import in_group, in_segment, nobody, reports_to  # noqa: F401

    return _types


def _tell(topic: str, people: set) -> None:
    from ...conditions import answers_changed

    answers_changed(topic, people, cause="profile")


__all__ = ["ConditionType", "all_types", "get", "refused", "register"]
