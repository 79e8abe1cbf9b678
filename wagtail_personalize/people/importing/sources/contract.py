"""The contract between the import and a file format.

A source yields the lines of one file in order, never the whole file at once, and can be read again from the start. To
plug in a format, subclass ``PeopleSource``: the import itself knows nothing about bytes, delimiters or encodings. What
every source has to keep is tested by ``tests/people/source_contract.py``.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

#: What no source may exceed: more is refused before it is read.
MAX_COLUMNS = 200
MAX_LINE_BYTES = 64 * 1024

#: Stands between the values of a cell that has several, in formats that know lists: no character of any text (Unicode
#: keeps it for programs).
SEVERAL = "\ufdd1"


class ImportRefused(Exception):
    """Nothing was imported; the message is a sentence that says why and what to do."""


def values_of(cell: str, separator: str = "") -> list[str]:
    """The values of a cell, where the format or the ``separator`` of a mapping divides them."""
    parts = cell.split(SEVERAL)
    return [value.strip() for part in parts for value in (part.split(separator) if separator else [part])]


def as_text(cell: str) -> str:
    """A cell as one text, for what holds a single value."""
    return cell.replace(SEVERAL, "; ")


@dataclass(frozen=True)
class Line:
    """One person of a file: the line it starts on, counted from 1, and the text of every column."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Unreadable:
    """A line that cannot be imported; ``cells`` are those that could be read, perhaps the staff number among them."""

    number: int
    reason: str
    cells: dict[str, str]


class PeopleSource(ABC):
    """The lines of one file of people."""

    #: How people call the file.
    name: str

    @property
    @abstractmethod
    def columns(self) -> list[str]:
        """The names of the columns; may refuse the file with ``ImportRefused``."""

    @property
    @abstractmethod
    def fingerprint(self) -> str:
        """SHA-256 in hex of the file, so that the same file is known again."""

    @abstractmethod
    def lines(self) -> Iterator[Line | Unreadable]:
        """Each line of the file in order, no number twice; every call starts again from the first."""

    def statements(self) -> list[str]:
        """What was detected or is in force, as sentences for the person who imports."""
        return []
