"""What each room does when a person is erased.

Rows that point to the account go with it, as their models say (``on_delete``). Register only what nothing points to::

    register_erasure(_("badges on disk"), delete_badges)      # called with the user; returns how many there were

An eraser runs in one transaction with everything else, before the account goes, and may run again. What cannot be
rolled back, such as deleting a file, belongs into ``transaction.on_commit``.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

Eraser = Callable[[Any], int]
#: From users to pairs of a user's key and the text by which an import knows this person.
Identity = Callable[[QuerySet], Iterable[tuple[Any, str]]]

_erasers: dict[Eraser, Any] = {}
_holds: dict[Callable[[], None], None] = {}
_identities: dict[str, Identity] = {}


def register_erasure(label: Any, eraser: Eraser) -> None:
    """Also call ``eraser`` when somebody is erased; ``label`` says in the plural what it deletes."""
    _erasers[eraser] = label


def register_hold(hold: Callable[[], None]) -> None:
    """Call ``hold`` before anything is read: it waits for a job that could write the person back, and makes it wait."""
    _holds[hold] = None


def hold_jobs() -> None:
    """Nobody writes people until the transaction ends."""
    for hold in _holds:
        hold()


def register_identity(kind: str, identity: Identity) -> None:
    """By what people are known in the files from which they come back, such as their staff numbers."""
    _identities[kind] = identity


def run_erasers(user: Any) -> Iterator[tuple[Any, int]]:
    """Call all of them: pairs of a label and how many rows there were."""
    for eraser, label in _erasers.items():
        yield label, eraser(user)


def identities() -> dict[str, Identity]:
    """All kinds by which people are known."""
    return _identities
