"""People from a CSV file: encoding and delimiter are found out, stated, and may be said instead."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _

from .contract import MAX_COLUMNS, ImportRefused, Line, PeopleSource, Unreadable
from .csv_encoding import ERRORS, UNREADABLE, FileFacts, known, look_at
from .csv_records import Record, Records

DELIMITERS = (",", ";", "\t", "|")
SAMPLE = 64 * 1024


class CsvSource(PeopleSource):
    """The first line names the columns; every other line is a person."""

    def __init__(self, path: Path | str, *, encoding: str | None = None, delimiter: str | None = None) -> None:
        self.path = Path(path)
        self.name = self.path.name
        self._said_encoding = known(encoding) if encoding else None
        self._said_delimiter = "\t" if delimiter in ("tab", "\\t") else delimiter
        if self._said_delimiter is not None and (len(self._said_delimiter) != 1 or self._said_delimiter in '"\r\n'):
            raise ImportRefused(_("The delimiter must be a single character, such as “,”, “;” or a tab."))

    @cached_property
    def _facts(self) -> FileFacts:
        try:
            return look_at(self.path, self._said_encoding)
        except OSError as error:
            raise ImportRefused(
                _("The file %(name)s cannot be read: %(error)s.") % {"name": self.path, "error": error.strerror}
            ) from error

    @property
    def fingerprint(self) -> str:
        return self._facts.fingerprint

    @cached_property
    def delimiter(self) -> str:
        if self._said_delimiter:
            return self._said_delimiter
        with self._open() as text:
            return _find_delimiter(text.read(SAMPLE))

    @cached_property
    def columns(self) -> list[str]:
        with self._open() as text:
            header = next(iter(Records(text, self.delimiter)), None)
        if header is None:
            raise ImportRefused(_("The file %(name)s is empty.") % {"name": self.name})
        return _checked_columns(header)

    def lines(self) -> Iterator[Line | Unreadable]:
        columns = self.columns
        with self._open() as text:
            records = Records(text, self.delimiter, len(columns))
            for record in islice(records, 1, None):
                yield _line(record, columns)

    def statements(self) -> list[str]:
        names = {"\t": _("tab"), ",": _("comma"), ";": _("semicolon"), "|": _("vertical bar")}
        return [
            _stated(_("Encoding: %s"), self._facts.encoding, self._said_encoding),
            _stated(_("Delimiter: %s"), names.get(self.delimiter, self.delimiter), self._said_delimiter),
        ]

    @contextmanager
    def _open(self) -> Iterator[TextIO]:
        encoding = self._facts.encoding
        with open(self.path, encoding=encoding, errors=ERRORS, newline="") as text:
            yield text


def _stated(sentence: str, value: str, said: str | None) -> str:
    return sentence % value + (_(" (as you said)") if said else _(" (detected)"))


def _line(record: Record, columns: list[str]) -> Line | Unreadable:
    cells = {name: cell.strip() for name, cell in zip(columns, record.cells, strict=False) if name}
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
    if len(columns) > MAX_COLUMNS:
        raise ImportRefused(
            _("The file has %(found)d columns; at most %(limit)d are allowed.")
            % {"found": len(columns), "limit": MAX_COLUMNS}
        )
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
