"""A mapping as the dictionary that a mapping file is: nothing that is said by default."""

from dataclasses import MISSING, fields
from typing import Any

from .definition import Mapping
from .rules import ColumnRule


def as_dict(mapping: Mapping) -> dict[str, Any]:
    """What ``Mapping.from_dict`` makes the same mapping of."""
    said = _said(mapping)
    if mapping.columns:
        said["columns"] = {name: _column(rules) for name, rules in mapping.columns.items()}
    if mapping.links:
        said["links"] = {name: _said(rule) for name, rule in mapping.links.items()}
    for name in ("manager", "leave_date"):
        if rule := getattr(mapping, name):
            said[name] = _said(rule)
    return said


def _column(rules: list[ColumnRule]) -> Any:
    written = [said["to"] if len(said := _said(rule)) == 1 else said for rule in rules]
    return written[0] if len(written) == 1 else written


def _said(rule: Any) -> dict[str, Any]:
    """The fields that differ from their defaults."""
    said = {}
    for field in fields(rule):
        default = field.default_factory() if field.default_factory is not MISSING else field.default
        if (value := getattr(rule, field.name)) != default:
            said[field.name] = value
    return said
