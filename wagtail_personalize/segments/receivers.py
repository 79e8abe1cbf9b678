"""What happens when people change: the affected segments are re-evaluated in the same transaction."""

from collections.abc import Collection
from typing import Any

from . import shared_cache, versions
from .changing import changing_memberships
from .index import segment_index
from .journeys.changing import follow_people
from .refresh import refresh


def profiles_changing(**kwargs: Any) -> None:
    """Wait for whoever is working out memberships, before the tables that this is done with change."""
    versions.hold(versions.MEMBERSHIPS)


def profiles_changed(
    *, person_ids: Collection[Any] | None, attributes: Collection[str] | None, cause: str, **kwargs: Any
) -> None:
    """Re-evaluate the segments that mention one of ``attributes`` (``None``: all) for these people (``None``: all)."""
    with changing_memberships():
        shared_cache.forget_on_commit()  # an answer of today's rules may change although no stored membership does
        index = segment_index()
        stages = follow_people(index.version, person_ids, attributes, cause)
        affected = index.mentioning(None if attributes is None else {*attributes, *stages})
        if affected:
            refresh(affected, person_ids, cause)


def names_changed(*, attributes: Collection[str], **kwargs: Any) -> None:
    """A rule that names what came or went may have broken, or means something again; nobody else is concerned."""
    profiles_changed(person_ids=[], attributes=attributes, cause="names")


def audience_changed(**kwargs: Any) -> None:
    """What the shared cache says about pages is no longer true."""
    shared_cache.forget_on_commit()
