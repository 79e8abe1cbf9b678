"""Numbers that tell every process when what it keeps in memory is out of date.

A version grows in the transaction of the change that it announces, by a random step: a number that a process saw in a
transaction which was rolled back is never met again with another meaning.
"""

from secrets import randbelow

from django.db import connections, router
from django.db.models import F

from . import shared_cache
from .models import StateVersion

SEGMENTS = "segments"
AUDIENCES = "audiences"
DAY = "day"
MEMBERSHIPS = "memberships"
#: Grows with every change of who may see which page, if pages are cached.
VISIBILITY = "visibility"


def grow(name: str) -> None:
    """Announce a change of what ``name`` stands for. Call it last, inside the transaction of the change."""
    if not StateVersion.objects.filter(name=name).update(number=F("number") + _step()):
        _begin(name)
    shared_cache.forget_on_commit()


def _step() -> int:
    """From the system's own randomness: processes that were forked, or seeded alike, must not draw the same numbers."""
    return 1 + randbelow(2**31)


def _begin(name: str) -> None:
    """Make the row in one statement that also locks it: two that insert first and update then could lock each other."""
    targeted = connections[router.db_for_write(StateVersion)].features.supports_update_conflicts_with_target
    StateVersion.objects.bulk_create(
        [StateVersion(name=name, number=_step())],
        update_conflicts=True,
        unique_fields=["name"] if targeted else None,
        update_fields=["number"],
    )


def hold(name: str) -> None:
    """Let nobody else hold or grow ``name`` until this transaction ends; those who want to, wait.

    It is an update, because SQLite has no other lock. Whoever changes who is in what holds ``memberships`` *before*
    reading profiles and rules: then the second of two sees what the first one wrote, and as there is only this one
    lock, two never wait for each other.
    """
    if not StateVersion.objects.filter(name=name).update(number=F("number")):
        _begin(name)


def number_of(name: str) -> int:
    """The version now, 0 before anything happened."""
    return StateVersion.objects.filter(name=name).values_list("number", flat=True).first() or 0


def reach_day(ordinal: int) -> None:
    """Remember that all date rules were refreshed for this local day; never goes back."""
    reach(DAY, ordinal)
    shared_cache.forget_on_commit()


def reach(name: str, number: int) -> None:
    """Remember that ``name`` has come as far as ``number``; never goes back."""
    StateVersion.objects.bulk_create([StateVersion(name=name)], ignore_conflicts=True)
    StateVersion.objects.filter(name=name, number__lt=number).update(number=number)
