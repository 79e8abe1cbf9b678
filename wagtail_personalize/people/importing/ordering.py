"""Managers before their people, so that every line can be applied whole.

Whoever has a manager in the file is applied after them, or in the same batch: a killed import never leaves a person
without their manager. People who manage each other in a circle stay together.
"""

from array import array
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from .sources.contract import ImportRefused

BATCH = 1000


def managers_first(managers: Sequence[int]) -> Iterator[list[int]]:
    """Positions in units that must not be torn apart: one each, or the members of a circle.

    ``managers[n]`` is the position (from 1) of the manager of position n + 1, or 0. Follows the order of the file as
    far as it can, and depends on nothing but the file.
    """
    done = bytearray(len(managers) + 1)
    for start in range(1, len(managers) + 1):
        path = array("q")
        position = start
        while position and not done[position]:
            done[position] = 1
            path.append(position)
            position = managers[position - 1]
        yield from _units(path, position)


def _units(path: "array[int]", reached: int) -> Iterator[list[int]]:
    """The walk upwards ``path``, from the top down; ``reached`` is where it ended, on itself if it is a circle."""
    circle = path.index(reached) if reached in path else len(path)
    if len(path) - circle > BATCH:
        raise ImportRefused(_("More than %(limit)d people are each other's managers in a circle.") % {"limit": BATCH})
    if circle < len(path):
        yield list(path[circle:])
    for position in reversed(path[:circle]):
        yield [position]


def in_batches(units: Iterator[list[int]], skip: int = 0, size: int = BATCH) -> Iterator[list[int]]:
    """Units put together to about ``size`` positions, without the first ``skip`` positions."""
    batch: list[int] = []
    for unit in units:
        if skip > 0:
            skip -= len(unit)
            continue
        batch += unit
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch
