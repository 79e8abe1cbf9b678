"""The mapping file: what the columns of an HR file mean. See ``docs/how-to/import-people.md`` for the format.

``load_mapping`` reads TOML or JSON; ``Mapping.from_dict`` takes the same as a dictionary. Both refuse what they do not
know, so that a misspelt key is never silently ignored. Whether the targets exist is found out later, by ``binding``.
"""

import hashlib
import json
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, Self

from django.utils.translation import gettext as _

from ..dates import checked_format
from ..sources.contract import ImportRefused
from .rules import ColumnRule, LeaveRule, LinkRule, ManagerRule


@dataclass(frozen=True)
class Mapping:
    """What the columns of one kind of HR file mean."""

    #: The column with the staff number.
    match: str
    columns: dict[str, list[ColumnRule]] = field(default_factory=dict)
    links: dict[str, LinkRule] = field(default_factory=dict)
    constants: dict[str, Any] = field(default_factory=dict)
    manager: ManagerRule | None = None
    leave_date: LeaveRule | None = None
    create_users: bool = False
    #: Template of a new person's login name.
    login_name: str = ""
    encoding: str = ""
    delimiter: str = ""
    date_format: str = ""

    @classmethod
    def from_dict(cls, given: dict[str, Any]) -> Self:
        """A mapping from the dictionary that a mapping file is; refuses what it does not know."""
        rest = dict(given)
        columns = {name: _column_rules(name, to) for name, to in _table(rest.pop("columns", {}), "columns").items()}
        links = {
            name: _build(LinkRule, rule, f"links.{name}")
            for name, rule in _table(rest.pop("links", {}), "links").items()
        }
        for name, rule in (("manager", ManagerRule), ("leave_date", LeaveRule)):
            if name in rest:
                rest[name] = _build(rule, rest[name], name)
        return _build(cls, {**rest, "columns": columns, "links": links}, "")

    def fingerprint(self, *extra: str) -> str:
        """SHA-256 in hex of all that it says, and of ``extra``."""
        text = json.dumps([self, *extra], default=lambda value: getattr(value, "__dict__", str(value)), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def load_mapping(path: Path | str) -> Mapping:
    """The mapping in a TOML file, or in a JSON file when its name ends so."""
    try:
        return Mapping.from_dict(parse_mapping(Path(path).name, Path(path).read_bytes()))
    except OSError as error:
        raise ImportRefused(
            _("The mapping file %(name)s cannot be read: %(error)s.") % {"name": path, "error": error.strerror}
        ) from error


def parse_mapping(name: str, content: bytes) -> dict[str, Any]:
    """The dictionary that a mapping file is; its name says whether it is TOML or JSON."""
    kind, parse = ("JSON", json.loads) if name.lower().endswith(".json") else ("TOML", tomllib.loads)
    try:
        return _table(parse(content.decode("utf-8-sig")), "")
    except (ValueError, RecursionError) as error:
        raise ImportRefused(
            _("The mapping file %(name)s is not valid %(kind)s: %(error)s")
            % {"name": name, "kind": kind, "error": error}
        ) from error


def _column_rules(name: str, given: Any) -> list[ColumnRule]:
    rules = given if isinstance(given, list) else [given]
    return [_build(ColumnRule, {"to": rule} if isinstance(rule, str) else rule, f"columns.{name}") for rule in rules]


def _build(cls: type, given: Any, where: str) -> Any:
    known = {f.name: f for f in fields(cls)}
    for name, value in _table(given, where).items():
        if name not in known:
            raise ImportRefused(
                _("The mapping does not know “%(name)s”%(where)s. It knows: %(known)s.")
                % {"name": name, "where": _in(where), "known": ", ".join(known)}
            )
        _check_type(name, value, known[name].type, where)
    try:
        return cls(**given)
    except TypeError:
        required = next(iter(known))
        raise ImportRefused(
            _("The mapping lacks “%(name)s”%(where)s.") % {"name": required, "where": _in(where)}
        ) from None


def _check_type(name: str, value: Any, wanted: Any, where: str) -> None:
    options = getattr(wanted, "__args__", ()) if getattr(wanted, "__origin__", None) is Literal else ()
    plain = {bool: bool, str: str, dict[str, str]: dict, list[str]: list}.get(wanted)
    if (options and value not in options) or (plain and not isinstance(value, plain)) or not _texts(value, wanted):
        expected = _(" or ").join(f"“{option}”" for option in options) or getattr(plain, "__name__", _("text"))
        raise ImportRefused(
            _("In the mapping, “%(name)s”%(where)s must be %(expected)s.")
            % {"name": name, "where": _in(where), "expected": expected}
        )
    if name == "date_format" and value:
        checked_format(value)


def _texts(value: Any, wanted: Any) -> bool:
    """Are lists and tables of text what they must be?"""
    if wanted == list[str]:
        return all(isinstance(item, str) for item in value)
    return wanted != dict[str, str] or all(isinstance(item, str) for item in value.values())


def _table(given: Any, where: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise ImportRefused(_("In the mapping, “%(name)s” must be a table.") % {"name": where})
    return given


def _in(where: str) -> str:
    return _(" in [%(table)s]") % {"table": where} if where else ""
