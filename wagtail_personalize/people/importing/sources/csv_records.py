"""CSV records, streamed, with the line number of everything that is broken.

Python's reader swallows the rest of a file behind one quote that is never closed. Here a record that does not come out
right costs only its first line: the lines behind it are given back and read again, so that no person is lost with it.
"""

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

from django.utils.translation import gettext as _

from .contract import MAX_LINE_BYTES, ImportRefused
from .encodings import UNREADABLE
from .problems import nul_byte, too_long, unreadable_bytes
from .text_file import limited_line

#: A hostile file can make every line look like the start of a long one: how often lines may be read again, per line.
PATIENCE = 20


@dataclass(frozen=True)
class Record:
    """The cells of one record and the line it starts on; ``problem`` says why it cannot be used."""

    number: int
    cells: list[str]
    problem: str = ""


class _TooLong(Exception):
    """The record that is being read has no end within the limit."""


class Records:
    """Iterate over the records of an opened text file (opened with ``newline=""``)."""

    def __init__(self, text: TextIO, delimiter: str, columns: int | None = None) -> None:
        self.columns = columns
        self._text = text
        self._delimiter = delimiter
        self._given_back: deque[str] = deque()
        self._taken: list[str] = []
        self._bytes = 0
        self._number = 0
        self._read_again = 0
        self._start_reader()

    def _start_reader(self) -> None:
        self._reader = csv.reader(self._feed(), delimiter=self._delimiter, strict=True)

    def __iter__(self) -> Iterator[Record]:
        while record := self._next():
            if record.problem or any(cell.strip() for cell in record.cells):
                yield record

    def _next(self) -> Record | None:
        first = self._number + 1
        self._taken, self._bytes = [], 0
        try:
            cells = next(self._reader)
        except StopIteration:
            return None
        except (csv.Error, _TooLong):
            return self._give_up(first)
        if len(self._taken) > 1 and self.columns not in (None, len(cells)):
            return self._give_up(first)
        return Record(first, cells, self._problem(cells))

    def _give_up(self, first: int) -> Record:
        """Reject the first line of the record only."""
        one_line = len(self._taken) == 1 and self._bytes > MAX_LINE_BYTES
        self._given_back.extendleft(reversed(self._taken[1:]))
        self._read_again += len(self._taken) - 1
        if self._read_again > 100_000 + PATIENCE * first:
            raise ImportRefused(_("The quotation marks of this file do not match in too many lines to go on."))
        self._number = first
        self._start_reader()
        return Record(first, [], too_long() if one_line else _("The quotation marks of this line do not match."))

    def _problem(self, cells: list[str]) -> str:
        text = "".join(self._taken)
        if "\0" in text:
            return nul_byte()
        if UNREADABLE in text:
            return unreadable_bytes(self._text.encoding)
        if self.columns not in (None, len(cells)) and any(cell.strip() for cell in cells):
            return _("The line has %(found)d columns; the first line has %(expected)d.") % {
                "found": len(cells),
                "expected": self.columns,
            }
        return ""

    def _feed(self) -> Iterator[str]:
        """The physical lines for one record after the other, as the CSV reader asks for them."""
        while line := self._take():
            self._taken.append(line)
            self._bytes += len(line) if line.isascii() else len(line.encode("utf-8", "surrogatepass"))
            if self._bytes > MAX_LINE_BYTES:
                raise _TooLong
            yield line

    def _take(self) -> str:
        self._number += 1
        if self._given_back:
            return self._given_back.popleft()
        return limited_line(self._text)
