"""What one line asks for: the person it is about, the values it brings, and what is wrong with it."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from ..error_file import Problem
from ..mapping.links import Link
from ..mapping.targets import Target
from ..roster import RosterLine
from ..users import is_protected


@dataclass
class Draft:
    """One line on its way: first what it asks for, then what has to be written."""

    line: RosterLine
    #: The stored person; ``None`` for what is missing, which is made when the line is accepted.
    user: Model | None
    profile: Model | None
    #: Is there no user, or no profile, yet?
    is_new: bool
    new_profile: bool = False
    values: dict[Target, Any] = field(default_factory=dict)
    #: Many-valued link → what it shall point to.
    many: dict[Link, set[Any]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    #: (kind, value) of the unique values that this line has claimed among the lines of the file.
    claims: list[tuple[str, str]] = field(default_factory=list)

    #: What the manager field shall hold; ``manager_draft`` when the manager is new in the same batch.
    manager: Any = None
    manager_draft: "Draft | None" = None
    #: The file names a manager whose own line is rejected; the manager field stays as it is.
    manager_rejected: bool = False

    #: Names of the fields that differ from what is stored.
    user_fields: set[str] = field(default_factory=set)
    profile_fields: set[str] = field(default_factory=set)
    #: Many-valued links that differ.
    many_changed: set[Link] = field(default_factory=set)
    #: Whose person was erased: nothing of the line may be written.
    erased: bool = False
    left: bool = False
    came_back: bool = False

    @property
    def protected(self) -> bool:
        """Staff and superusers: an import neither makes them inactive nor touches how they sign in."""
        return is_protected(self.user)

    @property
    def changed(self) -> bool:
        fields = self.user_fields or self.profile_fields or self.many_changed
        return bool(self.is_new or self.left or self.came_back or fields)

    @property
    def outcome(self) -> str:
        """Which count the line belongs to. Somebody new who has left already counts as left."""
        if self.left:
            return "left"
        if self.is_new:
            return "new"
        return "changed" if self.changed else "unchanged"

    def reject(self, column: str, reason: str) -> None:
        self.problems.append(Problem(self.line.line, column, reason))
