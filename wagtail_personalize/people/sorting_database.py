"""A temporary database without a name, for what is to be read in another order and would not fit into memory.

SQLite keeps it in a file that is already deleted, so that nothing of it stays behind, also when the process is killed.
"""

import sqlite3
from typing import Self


class SortingDatabase:
    """Use it as a context manager. ``tables`` are the statements that make the tables."""

    tables: str

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + self.tables)
        self._database.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._database.close()
