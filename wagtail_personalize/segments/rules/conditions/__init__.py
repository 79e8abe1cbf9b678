"""Conditions that ask about something else than a declared attribute, such as *is in segment*.

A registry: each condition type is known by the operator that stands in the rule. An entry says everything that the
rest of the engine has to know about it, so a new type is one class and one call of ``register``.
"""

from collections.abc import Mapping

from .base import ConditionType

_types: dict[str, ConditionType] = {}


def register(condition: ConditionType) -> ConditionType:
    """Make a condition type known; its operator must be new."""
    if not condition.operator or condition.operator in _types:
        raise ValueError(f"A condition type needs an operator of its own; {condition.operator!r} is taken or empty.")
    _types[condition.operator] = condition
    return condition


def get(operator: str) -> ConditionType | None:
    """The condition type with this operator."""
    return _all().get(operator)


def all_types() -> Mapping[str, ConditionType]:
    """Every condition type by its operator, in the order of menus."""
    return dict(_all())


def _all() -> dict[str, ConditionType]:
    from . import in_group, in_segment, reports_to  # noqa: F401

    return _types


__all__ = ["ConditionType", "all_types", "get", "register"]
