"""The file of rejected lines: line number, column and reason, safe to open in a spreadsheet.

It is written as the import goes, so that a killed run can be resumed without losing one, and sorted at the end.
"""

import csv
import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from wagtail_personalize.privacy.spreadsheets import neutral

from .sources.contract import ImportRefused

HEADER = ("line", "column", "reason")


@dataclass(frozen=True)
class Problem:
    """Why a line was rejected. ``line`` counts from 1; ``column`` is empty when the line as a whole is to blame."""

    line: int
    column: str
    reason: str


class ErrorFile:
    """Rejected lines, appended to ``path``; without a path they are only counted. The first one makes the file."""

    def __init__(self, path: Path | None, size: int = 0) -> None:
        """``size`` is how much of an existing file belongs to the run that is resumed."""
        self.path = path
        self.rejected = 0
        self.size = size
        if path and path.exists():
            _refuse_foreign(path)
            os.truncate(path, size)
            if not size:
                path.unlink()

    def add(self, problems: Iterable[Problem]) -> None:
        """Write these problems; each call is about lines that were not written before."""
        rows = [(problem.line, problem.column, problem.reason) for problem in problems]
        self.rejected += len({line for line, _column, _reason in rows})
        if self.path and rows:
            with self.path.open("a", encoding="utf-8" if self.size else "utf-8-sig", newline="") as file:
                writer = csv.writer(file)
                writer.writerows([] if self.size else [HEADER])
                writer.writerows([neutral(str(cell)) for cell in row] for row in rows)
            self.size = self.path.stat().st_size

    def sort(self) -> None:
        """Put the lines into the order of the file that was imported, on disk."""
        if not (self.path and self.size):
            return
        sorted_path = self.path.with_name(self.path.name + ".sorted")
        with self.path.open(encoding="utf-8-sig", newline="") as file, closing(sqlite3.connect("")) as rows:
            rows.execute("CREATE TABLE problem (line INTEGER, place TEXT, reason TEXT)")
            rows.executemany("INSERT INTO problem VALUES (?, ?, ?)", islice(csv.reader(file), 1, None))
            with sorted_path.open("w", encoding="utf-8-sig", newline="") as sorted_file:
                csv.writer(sorted_file).writerow(HEADER)
                csv.writer(sorted_file).writerows(rows.execute("SELECT * FROM problem ORDER BY line, rowid"))
        os.replace(sorted_path, self.path)


def _refuse_foreign(path: Path) -> None:
    """Never overwrite a file that is not a list of rejected lines."""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        start = file.readline(100).strip()
    if start not in ("", ",".join(HEADER)):
        raise ImportRefused(
            _("%(name)s exists and is no list of rejected lines; name another error file.") % {"name": path}
        )


def whole_line(line: int, reason: str) -> Problem:
    """A problem of a line that has no column to blame."""
    return Problem(line, "", reason)


def same_person(line: int, column: str, number: str, first: int) -> Problem:
    """The staff number occurs a second time."""
    reason = _("The staff number %(number)s is in line %(first)d already.") % {"number": number, "first": first}
    return Problem(line, column, reason)
