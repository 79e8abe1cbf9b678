"""The objects of a JSON file one after the other, however large the file is.

A file is a list of objects, or *JSON Lines*: one object on each line. Neither is ever in memory as a whole. A broken
object costs only itself; where nobody can tell any more where the next one begins, the rest of the file is one problem.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TextIO

from django.utils.translation import gettext as _

from .contract import MAX_LINE_BYTES
from .json_values import Rejected, decoder, flatten, why_invalid
from .problems import too_long
from .text_file import is_too_long, limited_line

_SPACE = re.compile(r"[ \t\r\n\ufeff]*")
_MARKS = re.compile(r'["\\\n\[\]{},]')


@dataclass(frozen=True)
class Record:
    """One object: the line it starts on, path → values, or why it cannot be used."""

    line: int
    values: dict[str, list[str]] = field(default_factory=dict)
    problem: str = ""


def is_list(text: TextIO) -> bool:
    """Does the file hold one list, rather than an object on each line? Leaves the file at its start."""
    while (piece := text.read(1024)) and not piece.strip("\ufeff \t\r\n"):
        pass
    text.seek(0)
    return piece.lstrip("\ufeff \t\r\n").startswith("[")


def objects_on_lines(text: TextIO) -> Iterator[Record]:
    """JSON Lines."""
    number = 0
    while line := limited_line(text):
        number += 1
        line = line.strip("\ufeff \t\r\n")
        if is_too_long(line):
            yield Record(number, problem=too_long())
        elif line:
            yield _record(number, line)


def _record(number: int, text: str) -> Record:
    try:
        return Record(number, flatten(decoder.decode(text)))
    except Rejected as error:
        return Record(number, problem=str(error))
    except (ValueError, RecursionError) as error:
        return Record(number, problem=why_invalid(error))


def objects_of_list(text: TextIO) -> Iterator[Record]:
    """One list of objects."""
    window = _Window(text)
    window.sign()
    window.advance(1)
    sign = window.sign()
    while sign not in ("", "]"):
        yield _object(window)
        sign = window.sign()
        if sign == ",":
            window.advance(1)
            sign = window.sign()
        elif sign not in ("", "]"):
            yield Record(window.line, problem=_("Between two objects stands a comma; from here on nothing was read."))
            return
    if not sign:
        yield Record(window.line, problem=_("The file ends before its list does."))
        return
    window.advance(1)
    if window.sign():
        yield Record(window.line, problem=_("Nothing was read after the end of the list."))


def _object(window: "_Window") -> Record:
    window.fill(MAX_LINE_BYTES + 1)
    line, start = window.line, window.at
    try:
        value, end = decoder.raw_decode(window.text, start)
    except (ValueError, RecursionError) as error:
        return Record(line, problem=too_long() if window.skip() > MAX_LINE_BYTES else why_invalid(error))
    window.advance(end - start)
    if is_too_long(window.text[start:end]):
        return Record(line, problem=too_long())
    try:
        return Record(line, flatten(value))
    except Rejected as error:
        return Record(line, problem=str(error))


class _Window:
    """The part of a file that is being looked at, and the number of its current line."""

    def __init__(self, file: TextIO) -> None:
        self.text, self.at, self.line = "", 0, 1
        self._file, self._ended = file, False

    def fill(self, ahead: int) -> bool:
        """Read on until so many characters are in view; ``False`` when the file has none at all any more."""
        while len(self.text) - self.at < ahead and not self._ended:
            piece = self._file.read(4 * MAX_LINE_BYTES)
            self._ended = not piece
            self.text, self.at = self.text[self.at :] + piece, 0
        return self.at < len(self.text)

    def advance(self, length: int) -> None:
        self.line += self.text.count("\n", self.at, self.at + length)
        self.at += length

    def sign(self) -> str:
        """The next character that is no white space; nothing at the end of the file."""
        while self.fill(1):
            self.advance(_SPACE.match(self.text, self.at).end() - self.at)
            if self.at < len(self.text):
                return self.text[self.at]
        return ""

    def skip(self) -> int:
        """Step over a value that cannot be read, to the end of its brackets; returns its length."""
        brackets, skipped = _Brackets(), 0
        while self.fill(1):
            end = brackets.end_in(self.text, self.at)
            length = (len(self.text) if end is None else end) - self.at
            skipped += length
            self.advance(length)
            if end is not None:
                break
        return skipped


class _Brackets:
    """Finds the end of a value by its brackets alone. No text goes on behind the end of its line."""

    def __init__(self) -> None:
        self._depth, self._in_text, self._escaped = 0, False, False

    def end_in(self, text: str, start: int) -> int | None:
        """Where the value ends; ``None`` when that is not within this piece, which the next one continues."""
        skip_to = start + self._escaped
        for found in _MARKS.finditer(text, start):
            place, mark = found.start(), found[0]
            if place < skip_to:
                continue
            if self._in_text:
                self._in_text = mark not in '"\n'
                skip_to = place + 2 if mark == "\\" else skip_to
            elif (end := self._step(mark, place)) is not None:
                return end
        self._escaped = skip_to > len(text)
        return None

    def _step(self, mark: str, place: int) -> int | None:
        """Outside of any text."""
        if mark == '"':
            self._in_text = True
        elif mark in "[{":
            self._depth += 1
        elif mark in "]}," and not self._depth:
            return place
        elif mark in "]}":
            self._depth -= 1
            return None if self._depth else place + 1
        return None
