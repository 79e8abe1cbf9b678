"""Some people, read once, and who of them is in which segment."""

from collections.abc import Iterable, Iterator
from functools import reduce
from operator import and_, or_
from typing import Any

from ..effective import people
from .bits import Places, Sets, named
from .program import Every, Node, Not, Program, Some
from .reading import Convert, Rows
from .scope import Scope
from .topics import Kinds, Topic


class Crowd:
    """The people of a scope who can be in a segment at all, in the order of their keys, at most ``most`` of them.

    Sets of them are numbers (see ``bits``).
    """

    def __init__(self, program: Program, scope: Scope, using: str, most: int | None = None) -> None:
        self._program, self._using = program, using
        person = program.declaration.person_path
        self._single = [topic for topic in program.topics.values() if topic.rows is None]
        paths = list(dict.fromkeys(topic.path for topic in self._single))
        profiles = program.declaration.profiles().filter(people(program.declaration), scope.among(person))
        rows = Rows(profiles.order_by(person).values_list(person, *paths)[:most], using)
        found = list(rows)
        columns = list(zip(*_once(found), strict=True)) or [()] * (1 + len(paths))
        #: Raw keys of the users.
        self.people = columns[0]
        #: Were there fewer than ``most``?
        self.is_last = most is None or len(found) < most
        self.place = {person: place for place, person in enumerate(self.people)}
        self.places = Places(len(self.people))
        converters = rows.converters or [None] * len(columns)
        self._convert = converters[0]
        self._columns = dict(zip(paths, zip(columns[1:], converters[1:], strict=True), strict=True))

    def key(self, person: Any) -> Any:
        """A user's key as Django has it, for a raw one."""
        return self._convert(person) if self._convert else person

    def members(self, scope: Scope) -> dict[int, int]:
        """Who is in which segment: its primary key → a set. ``scope`` must be that of the crowd, or narrower."""
        atoms = self._atoms(scope)
        found: dict[str, int] = {}
        for slug, _pk, node in self._program.segments:
            found[slug] = self._set(node, atoms, found)
        return {pk: found[slug] for slug, pk, _node in self._program.segments}

    def _set(self, node: Node, atoms: Sets, segments: dict[str, int]) -> int:
        match node:
            case Every(parts):
                return reduce(and_, (self._set(part, atoms, segments) for part in parts), self.places.all)
            case Some(parts):
                return reduce(or_, (self._set(part, atoms, segments) for part in parts))
            case Not(part):
                return self.places.all & ~self._set(part, atoms, segments)
            case str(slug):
                return segments[slug]
        return atoms.get(node, 0)

    def _atoms(self, scope: Scope) -> Sets:
        sets: Sets = {}
        for topic in self._single:
            self._read_column(topic, sets)
        for topic in self._program.topics.values():
            if topic.rows is not None:
                self._read_rows(topic, scope, sets)
        for atom, q in self._program.unknown.items():
            sets[atom] = self._ask(scope, q)
        return sets

    def _read_column(self, topic: Topic, sets: Sets) -> None:
        column, convert = self._columns[topic.path]
        kinds = Kinds(topic, convert)
        numbers = list(map(kinds.__getitem__, column))
        if numbers:
            sets |= self.places.of_kinds(numbers, kinds.atoms)

    def _read_rows(self, topic: Topic, scope: Scope, sets: Sets) -> None:
        rows = Rows(topic.rows(scope), self._using)
        kinds = Kinds(topic, _converter(rows.converters[1:]))
        people = self.places.of_pairs(self._pairs(rows, kinds))
        sets |= named(people, kinds.atoms)

    def _pairs(self, rows: Rows, kinds: Kinds) -> Iterator[tuple[int, int]]:
        place = self.place
        for person, *values in rows:
            if person in place:
                yield place[person], kinds[tuple(values) if len(values) > 1 else values[0]]

    def _ask(self, scope: Scope, q: Any) -> int:
        declaration = self._program.declaration
        profiles = declaration.profiles().filter(scope.among(declaration.person_path)).filter(q)
        row = self.places.row()
        for (person,) in Rows(profiles.order_by().values_list(declaration.person_path), self._using):
            if (place := self.place.get(person)) is not None:
                row[place >> 3] |= 128 >> (place & 7)
        return self.places.of_row(row)


def _once(rows: list[tuple[Any, ...]]) -> Iterable[tuple[Any, ...]]:
    """One row for each person, should the declaration's joins have made several."""
    return {row[0]: row for row in rows}.values()


def _converter(converters: list[Convert | None]) -> Convert | None:
    """What makes a value out of the raw columns behind the key."""
    if not any(converters):
        return None
    if len(converters) == 1:
        return converters[0]
    return lambda raw: tuple(convert(part) if convert else part for convert, part in zip(converters, raw, strict=True))
