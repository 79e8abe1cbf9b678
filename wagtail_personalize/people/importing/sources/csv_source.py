"""People from a CSV file: encoding and delimiter are found out, stated, and may be said instead."""

import csv
import io
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from .contract import SEVERAL, ImportRefused, Line, Unreadable
from .csv_records import Record, Records
from .encodings import UNREADABLE
from .problems import refuse_empty, refuse_too_many
from .text_file import TextFile, stated

DELIMITERS = (",", ";", "\t", "|")
SAMPLE = 64 * 1024


class CsvSource(TextFile):
    """The first line names the columns; every other line is a person."""

    has_delimiter = True

    def __init__(self, path: Path | str, *, encoding: str | None = None, delimiter: str | None = None) -> None:
        super().__init__(path, encoding=encoding)
        self._said_delimiter = "\t" if delimiter in ("tab", "\\t") else delimiter
        if self._said_delimiter is not None and (len(self._said_delimiter) != 1 or self._said_delimiter in '"\r\n'):
            raise ImportRefused(_("The delimiter must be a single character, such as “,”, “;” or a tab."))

    @cached_property
    def delimiter(self) -> str:
        if self._said_delimiter:
            return self._said_delimiter
        with self.open() as text:
            return _find_delimiter(text.read(SAMPLE))

    @cached_property
    def columns(self) -> list[str]:
        with self.open() as text:
            header = next(iter(Records(text, self.delimiter)), None)
        if header is None:
            raise refuse_empty(self.name)
        return _checked_columns(header)

    def lines(self) -> Iterator[Line | Unreadable]:
        columns = self.columns
        with self.open() as text:
            records = Records(text, self.delimiter, len(columns))
            for record in islice(records, 1, None):
                yield _line(record, columns)

    def statements(self) -> list[str]:
        names = {"\t": _("tab"), ",": _("comma"), ";": _("semicolon"), "|": _("vertical bar")}
        return [
            *super().statements(),
            stated(_("Delimiter: %s"), names.get(self.delimiter, self.delimiter), self._said_delimiter),
        ]


def _line(record: Record, columns: list[str]) -> Line | Unreadable:
    cells = {
        name: cell.replace(SEVERAL, " ").strip() for name, cell in zip(columns, record.cells, strict=False) if name
    }
    if record.problem:
        readable = {name: cell for name, cell in cells.items() if UNREADABLE not in cell and "\0" not in cell}
        return Unreadable(record.number, record.problem, readable)
    return Line(record.number, cells)


def _checked_columns(header: Record) -> list[str]:
    if header.problem:
        raise ImportRefused(
            _("The first line, which names the columns, cannot be read: %(problem)s") % {"problem": header.problem}
        )
    columns = [name.removeprefix("\ufeff").strip() for name in header.cells]
    refuse_too_many(len(columns))
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise ImportRefused(_("These columns occur more than once: %(names)s.") % {"names": ", ".join(twice)})
    return columns


def _find_delimiter(sample: str) -> str:
    """The candidate that cuts the most lines into as many cells as the first line has; the comma when none does."""
    return max(DELIMITERS, key=lambda candidate: _fit(sample, candidate))


def _fit(sample: str, delimiter: str) -> tuple[float, int]:
    widths = []
    try:
        for cells in islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), 50):
            if cells:
                widths.append(len(cells))
    except csv.Error:
        pass
    if len(widths) > 2 and len(sample) == SAMPLE:
        widths.pop()
    if not widths or widths[0] == 1:
        return (0, 0)
    return (widths.count(widths[0]) / len(widths), widths[0])
