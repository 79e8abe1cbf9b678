"""The lines of one file, on disk, ready to be applied in the right order.

A file may be larger than memory, name a manager before or after their people, and name a person twice. So it is read
once into a temporary database.
"""

import json
import sqlite3
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from wagtail_personalize.people.batches import batches
from wagtail_personalize.people.sorting_database import SortingDatabase

_TABLES = """
    CREATE TABLE line (
        position INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, line INTEGER NOT NULL,
        manager TEXT NOT NULL, leaving INTEGER NOT NULL, cells TEXT NOT NULL
    );
    CREATE TABLE introduced (name TEXT, number TEXT, PRIMARY KEY (name, number)) WITHOUT ROWID;
    CREATE TABLE mention (number TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE claim (kind TEXT, value TEXT, line INTEGER, PRIMARY KEY (kind, value)) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class RosterLine:
    """One person of the file: staff number and manager as text, and the cells that the mapping names."""

    line: int
    number: str
    manager: str
    leaving: bool
    cells: dict[str, str]


class Roster(SortingDatabase):
    """All lines of a file that can be applied; use it as a context manager."""

    tables = _TABLES

    def __init__(self, columns: list[str]) -> None:
        self._columns = columns
        super().__init__()

    def __len__(self) -> int:
        return self._one("SELECT count(*) FROM line")

    def add(self, line: RosterLine) -> int | None:
        """Take a line; when its staff number is taken already, the line that has it."""
        row = (line.number, line.line, line.manager, line.leaving, json.dumps([line.cells[c] for c in self._columns]))
        try:
            self._database.execute(
                "INSERT INTO line (number, line, manager, leaving, cells) VALUES (?, ?, ?, ?, ?)", row
            )
        except sqlite3.IntegrityError:
            return self.line_of(line.number)
        return None

    def mention(self, number: str) -> None:
        """A line that is rejected names this person, so they are not absent."""
        self._database.execute("INSERT OR IGNORE INTO mention VALUES (?)", [number])

    def introduce(self, name: str, number: str) -> None:
        """The person with this staff number is called so where the file names managers."""
        self._database.execute("INSERT OR IGNORE INTO introduced VALUES (?, ?)", [name, number])

    def introduced(self, name: str) -> list[str]:
        """The staff numbers of those who are called so; two at most, however many they are."""
        rows = self._database.execute("SELECT number FROM introduced WHERE name = ? LIMIT 2", [name])
        return [number for (number,) in rows]

    def claim(self, kind: str, value: str, line: int) -> int:
        """The line that has this unique value: ``line`` itself when it is the first to ask."""
        self._database.execute("INSERT OR IGNORE INTO claim VALUES (?, ?, ?)", [kind, value, line])
        return self._one("SELECT line FROM claim WHERE kind = ? AND value = ?", [kind, value])

    def is_claimed(self, kind: str, value: str) -> bool:
        """Has any line this value?"""
        return bool(self._one("SELECT 1 FROM claim WHERE kind = ? AND value = ?", [kind, value]))

    def release(self, kind: str, value: str) -> None:
        """The line that claimed this was rejected after all: another may have it."""
        self._database.execute("DELETE FROM claim WHERE kind = ? AND value = ?", [kind, value])

    def line_of(self, number: str) -> int | None:
        """The line of the person with this staff number."""
        return self._one("SELECT line FROM line WHERE number = ?", [number])

    def named(self, numbers: Iterable[str]) -> set[str]:
        """Those of these staff numbers that occur in the file, also in rejected lines."""
        given = json.dumps(list(numbers))
        rows = self._database.execute(
            "SELECT value FROM json_each(?) WHERE value IN (SELECT number FROM line)"
            " OR value IN (SELECT number FROM mention)",
            [given],
        )
        return {number for (number,) in rows}

    def leaving(self) -> Iterator[str]:
        """The staff numbers of those who leave according to the file."""
        for (number,) in self._database.execute("SELECT number FROM line WHERE leaving"):
            yield number

    def managers(self) -> "array[int]":
        """For each position from 1, the position of the manager's line; 0 when the file has none."""
        rows = self._database.execute(
            "SELECT coalesce(boss.position, 0) FROM line"
            " LEFT JOIN line boss ON boss.number = line.manager ORDER BY line.position"
        )
        return array("q", (position for (position,) in rows))

    def lines(self, positions: Iterable[int]) -> list[RosterLine]:
        """The lines at these positions, in this order."""
        found: dict[int, RosterLine] = {}
        for some in batches(positions, 500):
            marks = ", ".join("?" * len(some))
            for position, *row in self._database.execute(
                f"SELECT position, line, number, manager, leaving, cells FROM line WHERE position IN ({marks})", some
            ):
                *head, leaving, cells = row
                found[position] = RosterLine(
                    *head, bool(leaving), dict(zip(self._columns, json.loads(cells), strict=True))
                )
        return [found[position] for position in positions]

    def _one(self, query: str, parameters: Iterable[object] = ()) -> int | None:
        row = self._database.execute(query, tuple(parameters)).fetchone()
        return row[0] if row else None
