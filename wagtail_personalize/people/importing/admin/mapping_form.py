"""The second step as one: the forms of all columns and the general one, made from a mapping and turned into one."""

import hashlib
import json
from functools import cached_property
from typing import Any

from wagtail_personalize.people.declaration import ProfileDeclaration

from ..uploads import ImportUpload
from . import roles
from .checking import Findings
from .columns_form import ColumnForm, GeneralForm
from .places import grouped, places
from .texts import same_table, show_table


class MappingForm:
    """``mapping()`` is what was chosen; it may still be wrong, and ``show`` puts the findings beside their fields."""

    def __init__(
        self, upload: ImportUpload, columns: list[str], declaration: ProfileDeclaration, data: Any = None
    ) -> None:
        self._upload = upload
        self._stored = upload.mapping
        found = places(declaration)
        choices = grouped(found, roles.beside(self._stored, columns, {place.value for place in found}))
        self.columns = [
            ColumnForm(data, prefix=f"c{n}", initial=roles.shown(name, self._stored), choices=choices, label=name)
            for n, name in enumerate(columns)
        ]
        initial = self._initial()
        naming = dict.fromkeys(filter(None, [*columns, initial["manager_by"]]))
        self.general = GeneralForm(data, initial=initial, links=self._links(), columns=list(naming))
        #: Tells a form that was sent for other columns, because the file was read differently meanwhile.
        self.header = hashlib.sha256(json.dumps(columns).encode()).hexdigest()[:16]
        self.fits = data is None or data.get("header") == self.header

    def _initial(self) -> dict[str, Any]:
        said = self._stored
        return {
            "mode": self._upload.mode,
            "last_day": said.get("leave_date", {}).get("last_day", False),
            "manager_by": said.get("manager", {}).get("by", ""),
            "unknown_manager": said.get("manager", {}).get("unknown") == "empty",
            "create_users": said.get("create_users", False),
            "login_name": said.get("login_name", ""),
            "constants": show_table(said.get("constants", {})),
            "links": list(said.get("links", {})),
        }

    def _links(self) -> list[tuple[str, str]]:
        """Name and sentence of each linked object that more than one column says."""
        shown = []
        for name, rule in self._stored.get("links", {}).items():
            columns = [*rule.get("find", {}).values(), *rule.get("path", [])]
            shown.append((name, f"{name} ← {' / '.join(columns)}"))
        return shown

    def is_valid(self) -> bool:
        return all([*(form.is_valid() for form in self.columns), self.general.is_valid()])

    @cached_property
    def _mapping_and_problems(self) -> tuple[dict[str, Any], dict[str, str]]:
        said, mapping, problems = self.general.cleaned_data, {"match": "", "columns": {}}, {}
        for form in self.columns:
            if problem := roles.put(form.column, form.cleaned_data, self._stored, mapping):
                problems[form.column] = problem
        self._put_absent(mapping)
        if "leave_date" in mapping and said["last_day"]:
            mapping["leave_date"] = {**mapping["leave_date"], "last_day": True}
        if "manager" in mapping:
            mapping["manager"] = _manager(mapping["manager"], said)
        self._put_general(mapping, said)
        return mapping, problems

    def mapping(self) -> dict[str, Any]:
        """What ``Mapping.from_dict`` takes, once nothing is wrong with it."""
        return self._mapping_and_problems[0]

    def _put_absent(self, mapping: dict[str, Any]) -> None:
        """Optional columns that this file lacks stay in the mapping."""
        here = {form.column for form in self.columns}
        absent = {name: rule for name, rule in self._stored.get("columns", {}).items() if name not in here}
        mapping["columns"] |= absent
        for key in ("manager", "leave_date"):
            if key not in mapping and self._stored.get(key, {}).get("column", "") not in ("", *here):
                mapping[key] = self._stored[key]

    def _put_general(self, mapping: dict[str, Any], said: dict[str, Any]) -> None:
        upload = self._upload
        whole = {
            "create_users": said["create_users"],
            "login_name": said["login_name"],
            "constants": dict(same_table(said["constants"], self._stored.get("constants", {}))),
            "links": {n: rule for n, rule in self._stored.get("links", {}).items() if n in said.get("links", ())},
            "encoding": upload.encoding,
            "delimiter": upload.delimiter,
            "date_format": upload.date_format,
        }
        mapping |= {name: value for name, value in whole.items() if value}

    def show(self, findings: Findings) -> None:
        """Put each sentence beside what it is about."""
        for form in self.columns:
            for sentence in filter(None, [self._mapping_and_problems[1].get(form.column)]):
                form.add_error("to", sentence)
            for sentence in findings.columns.get(form.column, []):
                form.add_error("to", sentence)
        for sentence in findings.login_name:
            self.general.add_error("login_name", sentence)
        for sentence in findings.general:
            self.general.add_error(None, sentence)

    def use(self) -> None:
        """Make it what the upload is imported with."""
        self._upload.mapping, self._upload.mode = self.mapping(), self.general.cleaned_data["mode"]


def _manager(rule: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """The rule with what the general form says about it."""
    more = {"by": said["manager_by"], "unknown": "empty" if said["unknown_manager"] else ""}
    kept = {name: value for name, value in rule.items() if name not in more}
    return kept | {name: value for name, value in more.items() if value}
