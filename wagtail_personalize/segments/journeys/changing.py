"""When stages are worked out anew: a profile changed, a day began, everything is refreshed, or the journey changed."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from .. import versions
from ..changing import changing_memberships
from .condition import STAGES
from .following import all_journeys, follow
from .models import Journey, Stage
from .watched import watch

_known: tuple[int, frozenset[str]] = (-1, frozenset())


@contextmanager
def changing_journeys() -> Iterator[None]:
    """Around saving or deleting a journey: everybody's stage and the segments that ask for stages follow, untold."""
    from ..index import segment_index
    from ..refresh import refresh

    with changing_memberships():
        yield
        versions.grow(versions.SEGMENTS)
        journeys = all_journeys()
        watch(journeys)
        follow(journeys, cause="rule", tell=False)
        if asking := segment_index().mentioning({STAGES}):
            refresh(asking, cause="rule")


def follow_people(
    version: int, person_ids: Collection[Any] | None, attributes: Collection[str] | None, cause: str
) -> set[str]:
    """After a change of ``attributes``: what more rules depend on. Costs nothing when no journey looks at them.

    ``version`` is that of the segments now; which attributes journeys look at is kept in the process under it.
    """
    looked_at = _attributes(version)
    if not looked_at or person_ids == [] or (attributes is not None and looked_at.isdisjoint(attributes)):
        return set()
    journeys = all_journeys()
    watch(journeys, person_ids)
    follow(journeys, person_ids, cause)
    return {STAGES}


def follow_everybody(cause: str = "refresh") -> None:
    """What nobody told of: for the nightly refresh."""
    journeys = all_journeys()
    watch(journeys)
    follow(journeys, cause=cause)


def follow_day() -> None:
    """A day began: values are the same, what they mean may not be."""
    follow(all_journeys(), cause="day")


def _attributes(version: int) -> frozenset[str]:
    global _known
    if _known[0] != version:
        found = set(Journey.objects.values_list("hire_date", flat=True))
        found |= {name for names in Stage.objects.values_list("attributes", flat=True) for name in names}
        _known = (version, frozenset(found))
    return _known[1]
