"""The audit: may these groups be published beside each other at all?

Three rules, in this order, over who is in which group: no group below the floor, and none that leaves fewer of all;
no two groups that differ in fewer people than the floor; no group below it that can be worked out from all of them.
A group that breaks one is left out and named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .algebra import made_of, reduced, small_group
from .structure import ALL, Structure

#: Who is in which groups: how many people share each combination of them.
Atoms = Mapping[frozenset[int], int]

TOO_SMALL, TOO_ALIKE, DERIVABLE = "small", "alike", "derivable"


@dataclass(frozen=True)
class Finding:
    """Why a group is left out; ``others`` are the groups together with which it gives somebody away."""

    group: int
    why: str
    others: tuple[int, ...] = ()


@dataclass(frozen=True)
class Audit:
    """Which groups may be published, and why the others may not."""

    structure: Structure
    findings: tuple[Finding, ...] = field(default=())


def find_audit(atoms: Atoms, groups: Sequence[int], floor: int) -> Audit:
    """The largest groups stay. ``atoms`` names no group that stands for all people: that is always one."""
    whole = {atom | {ALL}: number for atom, number in atoms.items() if number}
    sizes = {group: sum(number for atom, number in whole.items() if group in atom) for group in {ALL, *groups}}
    kept, findings = [ALL] if sizes[ALL] >= floor else [], []
    for group in sorted(set(groups) - {ALL}, key=lambda group: (-sizes[group], group)):
        finding = _alone(group, sizes, floor) or _beside(group, kept, whole, floor)
        findings += [finding] if finding else []
        kept += [] if finding or not kept else [group]
    while finding := _together(kept, whole, floor):
        kept.remove(finding.group)
        findings.append(finding)
    shown = tuple((group, sizes[group]) for group in kept)
    return Audit(Structure(shown, _remembered(kept, whole, floor)), tuple(findings))


def _alone(group: int, sizes: Mapping[int, int], floor: int) -> Finding | None:
    return Finding(group, TOO_SMALL) if sizes[group] < floor else None


def _beside(group: int, kept: Sequence[int], atoms: Atoms, floor: int) -> Finding | None:
    for other in kept:
        differing = sum(number for atom, number in atoms.items() if (group in atom) != (other in atom))
        if 0 < differing < floor:
            return Finding(group, TOO_ALIKE, (other,))
    return None


def _together(kept: Sequence[int], atoms: Atoms, floor: int) -> Finding | None:
    """The smallest of the groups from which a group that is too small can be worked out."""
    columns = _merged(kept, atoms)
    if not kept:
        return None
    order = sorted(range(len(columns)), key=lambda at: -columns[at][1])
    basis = reduced([[int(group in atom) for atom, _number in columns] for group in kept], order)
    chosen = small_group(basis, [number for _atom, number in columns], floor)
    if chosen is None:
        return None
    involved = [group for group, times in zip(kept, made_of(basis, chosen), strict=True) if times]
    return Finding(involved[-1], DERIVABLE, tuple(involved[:-1]))


def _merged(kept: Sequence[int], atoms: Atoms) -> list[tuple[frozenset[int], int]]:
    """The combinations of the groups that are still in, with how many people share them."""
    merged: dict[frozenset[int], int] = {}
    for atom, number in atoms.items():
        known = atom & frozenset(kept)
        merged[known] = merged.get(known, 0) + number
    return sorted(merged.items(), key=lambda pair: (-pair[1], sorted(pair[0])))


#: More combinations than these are not kept.
MOST_ATOMS = 300


def _remembered(kept: Sequence[int], atoms: Atoms, floor: int) -> tuple[frozenset[int], ...]:
    columns = _merged(kept, atoms)
    rows = [[int(group in atom) for atom, _number in columns] for group in kept]
    needed = {row.pivot for row in reduced(rows, range(len(columns)))}
    common = {at for at, (_atom, number) in enumerate(columns[:MOST_ATOMS]) if number >= floor}
    return tuple(atom for at, (atom, _number) in enumerate(columns) if at in needed | common)
