"""How the published groups overlap, as far as it must be kept to decide about numbers.

Kept are combinations of groups that occur, without how many people; combinations of fewer people than the floor only
where without them two groups could not be told apart. Leaving a combination out makes more groups look derivable than
are, so it withholds more, never less.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

from .algebra import TooEntangled, made_of, reduced, smallest_parts

#: In place of a segment: all people.
ALL = 0

#: A group that can be worked out: how often each published group goes into it.
Combination = tuple[tuple[int, Fraction | int], ...]


@dataclass(frozen=True)
class Structure:
    """The groups that may be published with their sizes, and the combinations of them that occur."""

    sizes: tuple[tuple[int, int], ...]
    atoms: tuple[frozenset[int], ...]

    @cached_property
    def groups(self) -> frozenset[int]:
        return frozenset(self.size_of)

    @cached_property
    def size_of(self) -> dict[int, int]:
        return dict(self.sizes)

    @cached_property
    def _known(self) -> dict[frozenset[int], tuple[Combination, ...] | None]:
        """Asked for each number: the cache of the process has to compare all atoms."""
        return {}

    def derivable(self, groups: Iterable[int]) -> tuple[Combination, ...] | None:
        """The smallest groups that can be worked out from these, or ``None`` where that is too much to ask."""
        key = frozenset(groups)
        if key not in self._known:
            self._known[key] = _derivable(self.atoms, key)
        return self._known[key]


@lru_cache(maxsize=4096)
def _derivable(atoms: tuple[frozenset[int], ...], groups: frozenset[int]) -> tuple[Combination, ...] | None:
    names = sorted(groups)
    columns = list(dict.fromkeys(atom & groups for atom in atoms))
    basis = reduced([[int(name in column) for column in columns] for name in names], range(len(columns)))
    try:
        parts = smallest_parts(basis)
    except TooEntangled:
        return None
    combined = (zip(names, made_of(basis, chosen), strict=True) for chosen in parts)
    return tuple(tuple((name, _plain(times)) for name, times in pairs if times) for pairs in combined)


def _plain(times: Fraction) -> Fraction | int:
    """Whole numbers are counted with much faster, and are exact as well."""
    return int(times) if times.denominator == 1 else times
