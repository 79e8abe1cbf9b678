"""What several atoms ask about: the values of one attribute, groups, superiors, lists of named people."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from .scope import Scope

#: The number of an atom in its program.
Atom = int


@dataclass
class Topic:
    """How the values are read, and which atoms a value satisfies.

    Either ``path`` leads from the profile to its only value, or ``rows`` answers, for some people, pairs of a user's
    key and one of the values (whose parts make a tuple if there are several). A missing value satisfies nothing.
    """

    path: str = ""
    rows: Callable[[Scope], QuerySet] | None = None
    #: What equal values have in common.
    normal: Callable[[Any], Hashable] = lambda value: value
    #: Normal value → the atoms that ask for just this.
    equal: dict[Hashable, list[Atom]] = field(default_factory=dict)
    #: Questions about the normal value.
    asked: list[tuple[Callable[[Any], bool], Atom]] = field(default_factory=list)

    def among(self, values: Any, atom: Atom) -> None:
        """Let ``atom`` ask whether the normal value is one of these."""
        for value in set(values):
            self.equal.setdefault(value, []).append(atom)

    def ask(self, question: Callable[[Any], bool], atom: Atom) -> None:
        """Let ``atom`` ask any question about the normal value."""
        self.asked.append((question, atom))

    def atoms(self, value: Any) -> tuple[Atom, ...]:
        """The atoms that a value satisfies."""
        if value is None:
            return ()
        normal = self.normal(value)
        return (*self.equal.get(normal, ()), *(atom for question, atom in self.asked if question(normal)))


class Kinds(dict):
    """Raw value → its kind, a small number; values of one kind satisfy the same atoms. Filled as values occur."""

    def __init__(self, topic: Topic, convert: Callable[[Any], Any] | None) -> None:
        super().__init__()
        self._topic, self._convert = topic, convert
        self._numbers: dict[tuple[Atom, ...], int] = {}

    def __missing__(self, raw: Any) -> int:
        value = self._convert(raw) if self._convert and raw is not None else raw
        atoms = self._topic.atoms(value)
        kind = self[raw] = self._numbers.setdefault(atoms, len(self._numbers))
        return kind

    @property
    def atoms(self) -> list[tuple[Atom, ...]]:
        """The atoms that each kind satisfies."""
        return list(self._numbers)
