"""Visits: what one person did with gaps below half an hour, twelve hours at most, not cut at midnight."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from ..kinds import INTERACTIONS, Kind
from .log import Hit

GAP = 30 * 60 * 1000
LONGEST = 12 * 60 * 60 * 1000
_BOUNCE_SECONDS = 10


def visits(hits: Iterable[Hit]) -> Iterator[list[Hit]]:
    """The hits of each visit; ``hits`` come person by person, the earliest first."""
    for _person, all_of_them in groupby(hits, lambda hit: hit.person):
        visit: list[Hit] = []
        for hit in all_of_them:
            if visit and (hit.at - visit[-1].at >= GAP or hit.at - visit[0].at > LONGEST):
                yield visit
                visit = []
            visit.append(hit)
        yield visit


def is_bounce(visit: list[Hit]) -> bool:
    """One view, nothing done, and not looked at for ten seconds as far as the log tells."""
    views = [hit for hit in visit if hit.kind == Kind.VIEW]
    acted = any(hit.kind in INTERACTIONS for hit in visit)
    return len(views) == 1 and not acted and (views[0].engaged or 0) < _BOUNCE_SECONDS
