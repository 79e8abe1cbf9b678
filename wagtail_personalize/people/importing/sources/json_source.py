"""People from a JSON file: a list of objects, or one object on each line (JSON Lines)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from .contract import ImportRefused, Line, Unreadable
from .json_records import Record, is_list, objects_of_list, objects_on_lines
from .problems import cell, is_text, problem_of, refuse_empty, refuse_too_many
from .text_file import TextFile


@dataclass
class _Shape:
    """What one pass over the file tells."""

    columns: dict[str, None] = field(default_factory=dict)
    is_list: bool = False
    #: Several people on one line: then a line number tells nothing, and people are counted instead.
    counted: bool = False


class JsonSource(TextFile):
    """Every object is a person; the columns are all paths that occur in any of them."""

    newline = None

    @cached_property
    def _shape(self) -> _Shape:
        with self.open() as text:
            shape = _Shape(is_list=is_list(text))
            first_problem, last = "", 0
            for record in objects_of_list(text) if shape.is_list else objects_on_lines(text):
                shape.counted |= record.line == last
                last = record.line
                problem = self._problem(record)
                first_problem = first_problem or problem
                shape.columns |= {} if problem else dict.fromkeys(record.values)
                refuse_too_many(len(shape.columns))
        if not shape.columns:
            raise self._without_people(first_problem)
        return shape

    def _without_people(self, problem: str) -> ImportRefused:
        if not problem:
            return refuse_empty(self.name)
        return ImportRefused(
            _("The file %(name)s is neither a JSON list of objects nor one JSON object on each line: %(problem)s")
            % {"name": self.name, "problem": problem}
        )

    @property
    def columns(self) -> list[str]:
        return list(self._shape.columns)

    def lines(self) -> Iterator[Line | Unreadable]:
        shape = self._shape
        with self.open() as text:
            records = objects_of_list(text) if shape.is_list else objects_on_lines(text)
            for place, record in enumerate(records, 1):
                yield self._line(record, place if shape.counted else record.line)

    def statements(self) -> list[str]:
        kind = _("Format: JSON (a list)") if self._shape.is_list else _("Format: JSON Lines")
        counted = [_("Several people stand on one line, so people are counted instead of lines.")]
        return [kind, *super().statements(), *(counted if self._shape.counted else [])]

    def _line(self, record: Record, number: int) -> Line | Unreadable:
        cells = {name: cell(record.values[name]) for name in self.columns if name in record.values}
        if problem := self._problem(record):
            return Unreadable(number, problem, {name: text for name, text in cells.items() if is_text(text)})
        return Line(number, dict.fromkeys(self.columns, "") | cells)

    def _problem(self, record: Record) -> str:
        texts = {name: name + "".join(values) for name, values in record.values.items()}
        return record.problem or problem_of(texts, self.encoding)
