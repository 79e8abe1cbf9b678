"""Linear algebra of groups: which groups can be worked out from published ones by adding and subtracting.

People who are in the same groups are one *atom*. A group is a row of 0 and 1 over the atoms; what can be worked out are
the rows of 0 and 1 in the space that the published rows span. In the reduced row echelon form each pivot column has a
single 1, so such a row is the sum of *whole* rows of that form: those whose pivot it has. That makes the search
finite, and exact.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

#: A search that takes more steps ends without an answer, which withholds.
MOST_STEPS = 30_000


class TooEntangled(Exception):
    """What can be worked out cannot be listed in reasonable time."""


@dataclass(frozen=True)
class BasisRow:
    """A row of the reduced form: its pivot column, its value for each atom, and which rows it is made of."""

    pivot: int
    values: tuple[Fraction, ...]
    made_of: tuple[Fraction, ...]


def reduced(rows: Sequence[Sequence[int]], order: Sequence[int]) -> list[BasisRow]:
    """The reduced row echelon form; pivots are looked for in the columns in this ``order``."""
    number, width = len(rows), len(order)
    left = [
        [Fraction(value) for value in row] + [Fraction(int(at == place)) for at in range(number)]
        for place, row in enumerate(rows)
    ]
    done: list[tuple[int, list[Fraction]]] = []
    for column in order:
        place = next((place for place, row in enumerate(left) if row[column]), None)
        if place is None:
            continue
        pivot = left.pop(place)
        pivot = [value / pivot[column] for value in pivot]
        left = [_without(row, pivot, column) for row in left]
        done = [(at, _without(row, pivot, column)) for at, row in done] + [(column, pivot)]
    return [BasisRow(column, tuple(row[:width]), tuple(row[width:])) for column, row in done]


def _without(row: list[Fraction], pivot: list[Fraction], column: int) -> list[Fraction]:
    factor = row[column]
    if not factor:
        return row
    return [value - factor * other if other else value for value, other in zip(row, pivot, strict=True)]


def made_of(basis: Sequence[BasisRow], chosen: Sequence[int]) -> tuple[Fraction, ...]:
    """How often each given row goes into the sum of these rows of the basis."""
    return tuple(sum(parts) for parts in zip(*(basis[place].made_of for place in chosen), strict=True))


def small_group(basis: Sequence[BasisRow], weights: Sequence[int], below: int) -> tuple[int, ...] | None:
    """Rows of the basis whose sum is a group of 1…``below`` − 1 people, or nothing if there is none.

    Such a group contains only pivots that weigh so little: with the heaviest atoms as pivots, hardly any.
    """
    places = [place for place, row in enumerate(basis) if weights[row.pivot] < below]

    def search(at: int, chosen: tuple[int, ...], room: int) -> tuple[int, ...] | None:
        if chosen and _weight_of_group(basis, weights, chosen) in range(1, below):
            return chosen
        for step in range(at, len(places)):
            weight = weights[basis[places[step]].pivot]
            found = search(step + 1, (*chosen, places[step]), room - weight) if weight <= room else None
            if found:
                return found
        return None

    return search(0, (), below - 1)


def _weight_of_group(basis: Sequence[BasisRow], weights: Sequence[int], chosen: Sequence[int]) -> int:
    """How many people, or 0 if the sum is no group."""
    total = 0
    for weight, *values in zip(weights, *(basis[place].values for place in chosen), strict=True):
        value = sum(values)
        if value == 1:
            total += weight
        elif value:
            return 0
    return total


def smallest_parts(basis: Sequence[BasisRow]) -> list[tuple[int, ...]]:
    """The groups that can be worked out and contain no other such group: every other one is put together from these."""
    found: list[tuple[int, ...]] = []
    columns = _in_whole_numbers(basis)
    for part in _tied(basis):
        masks = {_mask(columns, chosen): chosen for chosen in _groups_among(basis, part)}
        found += [
            chosen
            for mask, chosen in masks.items()
            if not any(other != mask and other & mask == other for other in masks)
        ]
    return found


def _in_whole_numbers(basis: Sequence[BasisRow]) -> list[list[int]]:
    """The columns, each multiplied until all its values are whole: which sums are 0 stays as it is."""
    columns = zip(*(row.values for row in basis), strict=True)
    return [[int(value * lcm(*(v.denominator for v in values))) for value in values] for values in columns]


def _mask(columns: Sequence[Sequence[int]], chosen: Sequence[int]) -> int:
    """The atoms of a group as bits."""
    return sum(1 << at for at, column in enumerate(columns) if sum(column[place] for place in chosen))


def _tied(basis: Sequence[BasisRow]) -> list[list[int]]:
    """The rows that share atoms, directly or through others."""
    parts: list[tuple[set[int], list[int]]] = []
    for place, row in enumerate(basis):
        atoms = {at for at, value in enumerate(row.values) if value}
        rows = [place]
        for other in [part for part in parts if part[0] & atoms]:
            parts.remove(other)
            atoms, rows = atoms | other[0], other[1] + rows
        parts.append((atoms, rows))
    return [rows for _atoms, rows in parts]


def _groups_among(basis: Sequence[BasisRow], places: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Every choice of these rows whose sum is 0 or 1 for each atom; ends early where no choice can make it so."""
    columns = _whole_columns(basis, places)
    suffixes = [_reach(columns, at) for at in range(len(places) + 1)]
    steps = 0

    def search(at: int, sums: list[int], chosen: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        nonlocal steps
        steps += 1
        if steps > MOST_STEPS:
            raise TooEntangled
        if any(
            not (total + low <= 0 <= total + high or total + low <= one <= total + high)
            for total, (_values, one), (low, high) in zip(sums, columns, suffixes[at], strict=True)
        ):
            return
        if at == len(places):
            if chosen:
                yield chosen
            return
        yield from search(at + 1, sums, chosen)
        added = [total + values[at] for total, (values, _one) in zip(sums, columns, strict=True)]
        yield from search(at + 1, added, (*chosen, places[at]))

    yield from search(0, [0] * len(columns), ())


def _whole_columns(basis: Sequence[BasisRow], places: Sequence[int]) -> list[tuple[list[int], int]]:
    """Each column that more than one row has, as whole numbers, with what stands for 1."""
    columns = {}
    for values in zip(*(basis[place].values for place in places), strict=True):
        one = lcm(*(value.denominator for value in values))
        whole = [int(value * one) for value in values]
        if sum(map(bool, whole)) > 1 or any(value not in (0, one) for value in whole):
            columns[tuple(whole), one] = (whole, one)
    return list(columns.values())


def _reach(columns: Sequence[tuple[list[int], int]], at: int) -> list[tuple[int, int]]:
    """How much the rows from ``at`` on can still take away from each column, and add to it."""
    return [
        (sum(value for value in values[at:] if value < 0), sum(value for value in values[at:] if value > 0))
        for values, _one in columns
    ]
