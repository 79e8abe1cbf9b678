"""Reading the whole file once: what can be used goes into the roster, the rest into the error file."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from wagtail_personalize.people.batches import batches

from .batch.conversion import parse_day
from .dates import FORMATS, DateFormats
from .error_file import ErrorFile, Problem, same_person, whole_line
from .manager_names import introduce_managers, number_behind
from .mapping.binding import Binding
from .roster import Roster, RosterLine
from .sources.contract import Line, PeopleSource, Unreadable
from .staff_numbers import staff_number

#: How many lines are looked at to find out how dates are written.
SAMPLE = 10_000


@dataclass
class Reading:
    """What the file holds."""

    lines: int = 0
    #: Lines of which nobody can tell whom they were about.
    unidentified: int = 0


def find_date_formats(source: PeopleSource, binding: Binding) -> list[str]:
    """Find out how each column of dates is written, unless it is said; returns what to tell about it."""
    said = {column: format for column, format in binding.date_columns() if format}
    open_columns = [column for column, format in binding.date_columns() if not format and column in source.columns]
    formats = DateFormats()
    for line in islice(source.lines(), SAMPLE) if open_columns else []:
        if isinstance(line, Line):
            for column in open_columns:
                formats.see(column, line.cells.get(column, ""))
    found = formats.decide()
    binding.date_formats = found | said
    sentence = _("Dates in “%(column)s”: %(format)s")
    return [
        sentence % {"column": column, "format": FORMATS.get(format, format)}
        + (_(" (as you said)") if column in said else _(" (detected)"))
        for column, format in binding.date_formats.items()
    ]


def read(source: PeopleSource, binding: Binding, roster: Roster, errors: ErrorFile, today: date) -> Reading:
    """Fill the roster. Rejects what cannot be read, has no staff number, or repeats one."""
    introduce_managers(source, binding, roster)
    reader = _Reader(binding, roster, today)
    for lines in batches(source.lines(), 1000):
        errors.add(problem for line in lines for problem in reader.take(line))
    return reader.reading


class _Reader:
    def __init__(self, binding: Binding, roster: Roster, today: date) -> None:
        self.reading = Reading()
        self._binding = binding
        self._mapping = binding.mapping
        self._roster = roster
        self._today = today

    def take(self, line: Line | Unreadable) -> Iterator[Problem]:
        self.reading.lines += 1
        if isinstance(line, Unreadable):
            self._mention(line.cells)
            yield whole_line(line.number, line.reason)
        else:
            yield from self._take_person(line)

    def _take_person(self, line: Line) -> Iterable[Problem]:
        problems: list[Problem] = []
        number = self._number(line, self._mapping.match, problems)
        manager = self._manager(line, problems)
        leaving = self._is_leaving(line, problems) if self._mapping.leave_date else False
        if problems:
            self._mention(line.cells)
            return problems
        first = self._roster.add(RosterLine(line.number, number, manager, leaving, line.cells))
        return [same_person(line.number, self._mapping.match, number, first)] if first else []

    def _manager(self, line: Line, problems: list[Problem]) -> str:
        rule = self._mapping.manager
        if rule and rule.by:
            return number_behind(line, self._binding, self._roster, problems)
        return self._number(line, rule.column, problems, needed=False) if rule else ""

    def _number(self, line: Line, column: str, problems: list[Problem], needed: bool = True) -> str:
        text = line.cells.get(column, "")
        if text or needed:
            try:
                return staff_number(text, self._binding.staff_number)
            except ValidationError as error:
                problems.append(Problem(line.number, column, " ".join(error.messages)))
        return ""

    def _is_leaving(self, line: Line, problems: list[Problem]) -> bool:
        rule = self._mapping.leave_date
        text = line.cells.get(rule.column, "")
        try:
            day = parse_day(text, self._binding.date_formats.get(rule.column, "")) if text else None
        except ValidationError as error:
            problems.append(Problem(line.number, rule.column, " ".join(error.messages)))
            return False
        return day is not None and (day < self._today or (day == self._today and not rule.last_day))

    def _mention(self, cells: Mapping[str, str]) -> None:
        """The line is rejected, but the person is in the file."""
        text = cells.get(self._mapping.match, "")
        try:
            self._roster.mention(staff_number(text, self._binding.staff_number))
        except ValidationError:
            self.reading.unidentified += 1
