"""What is deleted when its time is over.

Each room says how it forgets; the command ``purge_audit`` calls all of them every day::

    register_purge(_("past memberships"), purge_past_memberships)      # returns how many rows it deleted

A purge may run twice or late.
"""

from collections.abc import Callable, Iterator
from typing import Any

Purge = Callable[[], int]
_purges: dict[Purge, Any] = {}


def register_purge(label: Any, purge: Purge) -> None:
    """Also call ``purge`` when old records are deleted; ``label`` says what it deletes, in the plural."""
    _purges[purge] = label


def purge_all() -> Iterator[tuple[Any, int]]:
    """Delete what has to go: pairs of a label and how many rows there were."""
    for purge, label in list(_purges.items()):
        yield label, purge()
