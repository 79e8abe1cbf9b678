"""What is wrong with a mapping, sentence by sentence, each beside the column it is about."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from wagtail_personalize.people.declaration import ProfileDeclaration

from ..mapping.binding import Binding, add_column, bind
from ..mapping.checks import check_targets
from ..mapping.definition import Mapping
from ..mapping.text_templates import columns_of
from ..models import ImportRun
from ..reading import find_date_formats
from ..sources.contract import ImportRefused, PeopleSource


@dataclass
class Findings:
    """Sentences; none means that the import may begin."""

    columns: dict[str, list[str]] = field(default_factory=dict)
    login_name: list[str] = field(default_factory=list)
    general: list[str] = field(default_factory=list)
    #: What was detected about dates.
    statements: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.columns or self.login_name or self.general)

    def about(self, column: str, sentence: str) -> None:
        self.columns.setdefault(column, []).append(sentence)


def check(given: dict[str, Any], source: PeopleSource, declaration: ProfileDeclaration, mode: str) -> Findings:
    """Everything that is wrong with this mapping for this file."""
    findings = Findings()
    if not given.get("match"):
        findings.general.append(_("Choose the column that holds the staff number: people are matched by nothing else."))
    _check_columns(given, declaration, findings)
    try:
        columns_of(given.get("login_name", ""))
    except ImportRefused as error:
        findings.login_name.append(str(error))
    if not findings:
        _check_whole(given, source, declaration, mode, findings)
    return findings


def _check_columns(given: dict[str, Any], declaration: ProfileDeclaration, findings: Findings) -> None:
    binding = Binding(declaration, Mapping(match=""))
    for column, rules in given.get("columns", {}).items():
        try:
            for rule in Mapping.from_dict({"match": "", "columns": {column: rules}}).columns[column]:
                add_column(binding, column, rule)
            check_targets([(each.target, each.rule.only_new) for each in [*binding.columns, *binding.links]])
        except ImportRefused as error:
            findings.about(column, str(error))
            binding.columns = [bound for bound in binding.columns if bound.column != column]
            binding.links = [link for link in binding.links if column not in link.columns]


def _check_whole(
    given: dict[str, Any], source: PeopleSource, declaration: ProfileDeclaration, mode: str, findings: Findings
) -> None:
    try:
        full = mode == ImportRun.Mode.FULL
        binding = bind(Mapping.from_dict(given), declaration, source.columns, full=full)
    except ImportRefused as error:
        about_login = "login_name" in str(error)  # the key of the mapping, the same in every language
        (findings.login_name if about_login else findings.general).append(str(error))
        return
    try:
        findings.statements = find_date_formats(source, binding)
    except ImportRefused as error:
        column = next((name for name, _format in binding.date_columns() if f"“{name}”" in str(error)), None)
        findings.about(column, str(error)) if column else findings.general.append(str(error))
