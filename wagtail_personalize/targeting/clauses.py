"""Clauses: whom a choice means, in segments.

A clause names the segments of which one must hold (nothing included means everyone) and the segments of which none may
hold; exclude beats include. Whatever is not certain closes: a clause that names an unknown, deleted or broken segment
lets nobody pass, also when it only excludes that segment.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from wagtail_personalize.segments.index import SegmentIndex, segment_index
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.viewer import Viewer

#: What a clause needs, as segment ids: one of the first (if any are named), none of the second.
Needs = tuple[frozenset[int], frozenset[int]]


@dataclass(frozen=True)
class Clause:
    """Segments of which one must hold and segments of which none may; both as UUIDs in lower case with hyphens."""

    include: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()

    @classmethod
    def of(cls, include: Iterable[Segment | UUID | str] = (), exclude: Iterable[Segment | UUID | str] = ()) -> "Clause":
        """A clause from segments or from their UUIDs."""
        return cls(frozenset(map(_uuid, include)), frozenset(map(_uuid, exclude)))

    @property
    def is_everyone(self) -> bool:
        return not self.include and not self.exclude

    @property
    def segment_uuids(self) -> frozenset[str]:
        return self.include | self.exclude

    def needs(self, index: SegmentIndex) -> Needs | None:
        """The clause in segment ids, or ``None`` when nobody may pass it."""
        include, exclude = index.ids(self.include), index.ids(self.exclude)
        return None if include is None or exclude is None else (include, exclude)


Clauses = frozenset[Clause]


def _uuid(segment: Segment | UUID | str) -> str:
    return str(segment.uuid) if isinstance(segment, Segment) else str(UUID(str(segment)))


def canonical(clauses: Iterable[Clause]) -> list[dict[str, list[str]]]:
    """The one way to write a set of clauses: sorted, without repetition and without clauses that everyone passes."""
    written = {(tuple(sorted(c.include)), tuple(sorted(c.exclude))) for c in clauses if not c.is_everyone}
    return [{"include": list(include), "exclude": list(exclude)} for include, exclude in sorted(written)]


def read(written: Iterable[Mapping[str, list[str]]]) -> Clauses:
    return frozenset(Clause(frozenset(c["include"]), frozenset(c["exclude"])) for c in written)


def passes(clauses: Iterable[Clause], viewer: Viewer) -> bool:
    """Whether the viewer passes all clauses. For recommendations and blocks; access also asks who is signed in."""
    clauses = [clause for clause in clauses if not clause.is_everyone]
    if not clauses:
        return True
    index = segment_index(viewer)
    needs = [clause.needs(index) for clause in clauses]
    return holds(needs, viewer.among(segments_in(needs)))


def segments_in(needs: Iterable[Needs | None]) -> frozenset[int]:
    """The ids of the segments that these clauses ask about."""
    return frozenset().union(*(ids for need in needs if need is not None for ids in need))


def holds(needs: Iterable[Needs | None], mine: frozenset[int]) -> bool:
    return all(
        need is not None and (not need[0] or not need[0].isdisjoint(mine)) and need[1].isdisjoint(mine)
        for need in needs
    )
