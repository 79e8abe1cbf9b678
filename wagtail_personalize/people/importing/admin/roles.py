"""What a mapping says about one column: each of its roles, and how the form shows them."""

from typing import Any

from django.utils.translation import gettext as _

from .places import KEPT, LEAVE_DATE, MANAGER, STAFF_NUMBER
from .texts import same_table, show_table

_FLAGS = ("only_new", "optional", "create")
_APART = {MANAGER: "manager", LEAVE_DATE: "leave_date"}


def roles(column: str, mapping: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """(what it fills, the rule) for each role; several only in mapping files."""
    found = [(STAFF_NUMBER, {})] if mapping.get("match") == column else []
    for place, key in _APART.items():
        if mapping.get(key, {}).get("column") == column:
            found.append((place, mapping[key]))
    rules = mapping.get("columns", {}).get(column, [])
    for rule in rules if isinstance(rules, list) else [rules]:
        rule = {"to": rule} if isinstance(rule, str) else rule
        found.append((rule["to"], rule))
    return found


def shown(column: str, mapping: dict[str, Any]) -> dict[str, Any]:
    """The initial values of the form of this column."""
    found = roles(column, mapping)
    if len(found) > 1:
        return {"to": KEPT}
    if not found:
        return {"to": ""}
    place, rule = found[0]
    return {
        **{name: rule.get(name, False) for name in _FLAGS},
        "to": place,
        "keep_empty": rule.get("empty") == "keep",
        "decimal_comma": rule.get("decimal") == ",",
        "separator": rule.get("separator", ""),
        "date_format": rule.get("date_format", ""),
        "values": show_table(rule.get("values", {})),
    }


def beside(mapping: dict[str, Any], columns: list[str], known: set[str]) -> list[tuple[str, str]]:
    """Entries for the list that no site has, but this mapping names."""
    found = {place for column in columns for place, _rule in roles(column, mapping)} - known
    several = any(len(roles(column, mapping)) > 1 for column in columns)
    kept = [(KEPT, _("Several things, as the mapping file says"))] if several else []
    return [*((place, place) for place in sorted(found)), *kept]


def put(column: str, said: dict[str, Any], stored: dict[str, Any], mapping: dict[str, Any]) -> str:
    """Write what the form says about a column into ``mapping``; returns what is wrong with it, as a sentence."""
    place = said.get("to", "")
    if place == KEPT:
        return _keep(column, stored, mapping)
    if place == STAFF_NUMBER:
        return _once(mapping, "match", column)
    if place in _APART:
        return _once(mapping, _APART[place], _rule_apart(column, place, said))
    if place:
        mapping["columns"][column] = _rule(column, said, stored)
    return ""


def _once(mapping: dict[str, Any], key: str, value: Any) -> str:
    if mapping.get(key):
        other = mapping[key] if isinstance(mapping[key], str) else mapping[key]["column"]
        return _("The column “%(other)s” is this already.") % {"other": other}
    mapping[key] = value
    return ""


def _keep(column: str, stored: dict[str, Any], mapping: dict[str, Any]) -> str:
    """All roles of the column as they are stored."""
    if column in stored.get("columns", {}):
        mapping["columns"][column] = stored["columns"][column]
    if stored.get("match") == column:
        return _once(mapping, "match", column)
    for key in _APART.values():
        if stored.get(key, {}).get("column") == column and (problem := _once(mapping, key, stored[key])):
            return problem
    return ""


def _rule_apart(column: str, place: str, said: dict[str, Any]) -> dict[str, Any]:
    rule = {"column": column}
    if said.get("optional"):
        rule["optional"] = True
    if place == LEAVE_DATE and said.get("date_format"):
        rule["date_format"] = said["date_format"]
    return rule


def _rule(column: str, said: dict[str, Any], stored: dict[str, Any]) -> Any:
    rule = {"to": said["to"], **{name: True for name in _FLAGS if said.get(name)}}
    if said.get("keep_empty"):
        rule["empty"] = "keep"
    if said.get("decimal_comma"):
        rule["decimal"] = ","
    for name in ("separator", "date_format"):
        if said.get(name):
            rule[name] = said[name]
    if said.get("values"):
        before = next((rule.get("values", {}) for _place, rule in roles(column, stored)), {})
        rule["values"] = dict(same_table(said["values"], before))
    return rule if len(rule) > 1 else said["to"]
