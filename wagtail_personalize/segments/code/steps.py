"""One step of loading a file, and all of them together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..models import Segment
from .form import Entry
from .reading import place


@dataclass
class Step:
    """What happens to one segment. ``segment`` is ``None`` for a new one."""

    position: int
    entry: Entry
    segment: Segment | None
    #: Key → what is stored so far, for each key that the file changes.
    changes: dict[str, Any] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        return self.segment is None

    @property
    def does_something(self) -> bool:
        return self.is_new or bool(self.changes)

    @property
    def place(self) -> str:
        return place(self.position, self.entry)

    @property
    def slug(self) -> str:
        return self.entry["slug"]

    @property
    def is_live(self) -> bool:
        """Will the segment be live, rather than a draft?"""
        return self.entry.get("live", self.segment.live if self.segment else True)


@dataclass
class Plan:
    """Steps in an order in which each segment comes after those that it names."""

    steps: list[Step]
    #: Segments that the file does not name.
    others: list[Segment]
    #: Short name → its meaning as the file has it.
    meanings: Mapping[str, Any]
    #: Name in the file → key of the user, and the name that a dump would use.
    people: Mapping[str, tuple[Any, str]]

    @property
    def new(self) -> list[Step]:
        return [step for step in self.steps if step.is_new]

    @property
    def changed(self) -> list[Step]:
        return [step for step in self.steps if not step.is_new and step.changes]

    @property
    def unchanged(self) -> list[Step]:
        return [step for step in self.steps if not step.does_something]
