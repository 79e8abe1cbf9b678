"""What became of the lines of a log."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _


@dataclass
class Result:
    """All lines are taken, or counted in exactly one of the others."""

    dry_run: bool
    error_file: Path | None = None
    statements: list[str] = field(default_factory=list)
    lines: int = 0
    taken: int = 0
    #: Of those that were taken, how many there are when each is counted once.
    different: int = 0
    rejected: int = 0
    duplicates: int = 0
    bots: int = 0
    nobody: int = 0
    objected: int = 0
    too_old: int = 0
    #: Lines of days that were measured here, and these days.
    measured: int = 0
    measured_days: set[int] = field(default_factory=set)
    #: Types that nobody said what they are, with their lines.
    unknown_types: Counter[str] = field(default_factory=Counter)
    people: int = 0
    found: int = 0
    pages: int = 0
    pages_elsewhere: int = 0
    visits: int = 0
    days: int = 0
    figures: int = 0

    def rows(self) -> list[tuple[str, int]]:
        """What to tell, in the order in which to tell it."""
        return [
            (_("Lines"), self.lines),
            (_("Counted"), self.taken),
            (_("Rejected"), self.rejected),
            (_("Told twice"), self.duplicates),
            (_("By programs"), self.bots),
            (_("By nobody known"), self.nobody),
            (_("By people who objected"), self.objected),
            (_("Too old"), self.too_old),
            (_("Of days that were measured here"), self.measured),
            (_("Of types that do not count"), self.unknown_types.total()),
            (_("People"), self.people),
            (_("People found here"), self.found),
            (_("Pages found here"), self.pages),
            (_("Pages of the other system only"), self.pages_elsewhere),
            (_("Visits"), self.visits),
            (_("Days"), self.days),
            (_("Figures"), self.figures),
        ]
