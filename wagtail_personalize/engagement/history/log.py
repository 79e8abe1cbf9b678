"""The lines of a log on disk, without names, ready to be read in another order than that of the file.

A log may be larger than memory, unordered, and hold every line twice. So it is written once into a temporary database.
Who is who, the process knows alone.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from wagtail_personalize.people.sorting_database import SortingDatabase

from ..kinds import Kind

_TABLES = """
    CREATE TABLE line (person INTEGER, at INTEGER, page INTEGER, kind INTEGER, session INTEGER, value INTEGER,
                       engaged INTEGER);
    CREATE TABLE fact (content INTEGER, day INTEGER, person INTEGER, kind INTEGER, value INTEGER, engaged INTEGER);
    CREATE TABLE above (content INTEGER, whole INTEGER, PRIMARY KEY (content, whole)) WITHOUT ROWID;
    CREATE TABLE spell (person INTEGER, segment INTEGER, first INTEGER, last INTEGER);
"""
#: Facts as they are, and for wholes only who was there: once for each person, day and kind.
_OWN = "SELECT content, 0 AS grp, day, person, kind, value, engaged FROM fact"
_THERE = (
    "SELECT DISTINCT whole, 0, day, person, kind, 1, NULL FROM fact JOIN above USING (content)"
    f" WHERE kind != {int(Kind.VISIT)}"
)
_IN_SEGMENT = "JOIN spell USING (person) WHERE day BETWEEN first AND last"


class Hit(NamedTuple):
    """A line: ``at`` in milliseconds, ``page`` and ``session`` as numbers of this run."""

    person: int
    at: int
    page: int
    kind: int
    session: int
    value: int | None
    engaged: int | None


class Fact(NamedTuple):
    """A line, or a visit, on the day on which it counts."""

    content: int
    day: int
    person: int
    kind: int
    value: int | None
    engaged: int | None


class Log(SortingDatabase):
    """Use it as a context manager: first ``add`` hits, then read ``hits``, add facts, and read ``facts``."""

    tables = _TABLES

    def add(self, hits: Iterable[Hit]) -> None:
        self._database.executemany("INSERT INTO line VALUES (?, ?, ?, ?, ?, ?, ?)", hits)

    def hits(self) -> Iterator[Hit]:
        """Each hit once, person by person, the earliest first."""
        rows = self._database.execute(
            "SELECT person, at, page, kind, session, max(value), max(engaged) FROM line"
            " GROUP BY person, at, page, kind, session ORDER BY person, at, page, kind"
        )
        return map(Hit._make, rows)

    def add_facts(self, facts: Iterable[Fact]) -> None:
        self._database.executemany("INSERT INTO fact VALUES (?, ?, ?, ?, ?, ?)", facts)

    def add_wholes(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Pairs of a content and a section it lies in, or the site."""
        self._database.executemany("INSERT OR IGNORE INTO above VALUES (?, ?)", pairs)

    def add_spells(self, spells: Iterable[tuple[int, int, int, int]]) -> None:
        """Who was in which reporting segment from when to when."""
        self._database.executemany("INSERT INTO spell VALUES (?, ?, ?, ?)", spells)
        self._database.execute("CREATE INDEX spell_person ON spell (person)")

    def facts(self) -> Iterator[tuple[Any, ...]]:
        """``(content, segment, day, person, kind, value, engaged)``, ordered by the first three; segment 0 is all."""
        yield from self._database.execute(f"{_OWN} UNION ALL {_THERE} ORDER BY 1, 3")
        own = _OWN.replace("0 AS grp", "segment AS grp")
        there = _THERE.replace("whole, 0", "whole, segment").replace("WHERE", f"{_IN_SEGMENT} AND")
        yield from self._database.execute(f"{own} {_IN_SEGMENT} UNION ALL {there} ORDER BY 1, 2, 3")
