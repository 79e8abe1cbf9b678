"""Bringing a saved mapping and the columns of a file together."""

from typing import Any

from django.utils.translation import gettext as _

from ..mapping.definition import Mapping
from ..mapping.writing import as_dict


def fitted(given: dict[str, Any], columns: list[str]) -> tuple[dict[str, Any], list[str]]:
    """What of a mapping a file with these columns can use, and sentences about what was left out.

    Refuses a mapping that is none. Columns that the mapping calls optional stay in it, also when the file lacks them.
    """
    mapping = Mapping.from_dict({**given, "match": given.get("match") or ""})
    said = as_dict(mapping)
    said["match"] = mapping.match if mapping.match in columns else ""
    missing = [] if said["match"] else [mapping.match]
    for name, rules in mapping.columns.items():
        if name not in columns and not all(rule.optional for rule in rules):
            missing.append(name)
            del said["columns"][name]
    for key in ("manager", "leave_date"):
        rule = getattr(mapping, key)
        needed = {rule.column, getattr(rule, "by", "") or rule.column} if rule and not rule.optional else set()
        if lacking := sorted(needed.difference(columns)):
            missing += lacking
            del said[key]
    for name, rule in mapping.links.items():
        lacking = {*rule.find.values(), *rule.path}.difference(columns)
        if lacking and not rule.optional:
            missing += sorted(lacking)
            del said["links"][name]
    return said, _left_out(missing)


def _left_out(missing: list[str]) -> list[str]:
    names = ", ".join(dict.fromkeys(filter(None, missing)))
    if not names:
        return []
    return [_("The file lacks columns that the mapping names; they were left out of it: %(names)s.") % {"names": names}]
