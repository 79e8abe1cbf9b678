"""What came out of an import."""

from collections import Counter
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self

from .models import ImportRun

#: So many remarks about single people are kept; the others are counted.
MOST_NOTES = 100


@dataclass
class Counts:
    """Each line of the file is counted once; ``absent`` are the people of full mode that no line names."""

    new: int = 0
    changed: int = 0
    left: int = 0
    unchanged: int = 0
    rejected: int = 0
    absent: int = 0
    #: Lines about people who were erased; nothing of them is written, and the error file names them.
    erased: int = 0

    @classmethod
    def from_dict(cls, stored: dict[str, int]) -> Self:
        return cls(**{f.name: stored.get(f.name, 0) for f in fields(cls)})


@dataclass
class Result:
    """The outcome of a run or a dry run."""

    dry_run: bool
    counts: Counts = field(default_factory=Counts)
    #: Lines of the file, without the one that names the columns.
    lines: int = 0
    #: What was detected or is in force.
    statements: list[str] = field(default_factory=list)
    #: What somebody should look at.
    notes: list[str] = field(default_factory=list)
    notes_left_off: int = 0
    #: Linked objects that were made: name of the attribute → how many.
    made: Counter[str] = field(default_factory=Counter)
    #: In a dry run: the sentence with which a real run would stop.
    would_stop: str = ""
    #: Lines of which nobody can tell whom they are about: in full mode they keep everybody from being absent.
    unidentified: int = 0
    error_file: Path | None = None
    run: ImportRun | None = None

    def note(self, sentences: list[str]) -> None:
        """Keep these remarks, as long as there is room."""
        room = max(MOST_NOTES - len(self.notes), 0)
        self.notes += sentences[:room]
        self.notes_left_off += len(sentences[room:])

    def report(self, refusal: str = "") -> dict[str, Any]:
        """What is to be told about the run beside its counts, as it is stored."""
        return {
            "lines": self.lines,
            "statements": self.statements,
            "notes": self.notes,
            "notes_left_off": self.notes_left_off,
            "made": dict(self.made),
            "refusal": refusal,
        }
