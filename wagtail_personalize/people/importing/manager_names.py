"""Managers whom a file names otherwise than by their staff number: a directory by ``dn``, others by e-mail address.

Whoever is named so has to stand in the same file. It is read once more, beforehand, because the manager may stand
behind their people.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from wagtail_personalize.people.batches import batches

from .error_file import Problem
from .mapping.binding import Binding
from .roster import Roster
from .sources.contract import Line, PeopleSource, as_text
from .staff_numbers import staff_number

_AROUND_SIGNS = re.compile(r"\s*([,=+])\s*")


def introduce_managers(source: PeopleSource, binding: Binding, roster: Roster) -> None:
    """Write down what everybody in the file is called in the column ``by``, those in rejected lines too."""
    by = binding.mapping.manager.by if binding.mapping.manager else ""
    for lines in batches(source.lines()) if by else []:
        for line in lines:
            try:
                number = staff_number(line.cells.get(binding.mapping.match, ""), binding.staff_number)
            except ValidationError:
                continue
            if name := same_name(line.cells.get(by, "")):
                roster.introduce(name, number)


def number_behind(line: Line, binding: Binding, roster: Roster, problems: list[Problem]) -> str:
    """The staff number of the line's manager, or nothing; says so when nobody, or more than one, is called so."""
    rule = binding.mapping.manager
    text = line.cells.get(rule.column, "")
    numbers = roster.introduced(same_name(text)) if text else []
    if len(numbers) == 1:
        return numbers[0]
    if text and rule.unknown == "reject":
        sentence = _("Several people in the file have “%(name)s” in the column “%(column)s”.")
        if not numbers:
            sentence = _("Nobody in the file has “%(name)s” in the column “%(column)s”.")
        problems.append(Problem(line.number, rule.column, sentence % {"name": as_text(text), "column": rule.by}))
    return ""


def same_name(text: str) -> str:
    """Names are the same in any case; in those of a directory, spaces around their signs do not matter."""
    return _AROUND_SIGNS.sub(r"\1", text.strip()).casefold()
