"""Audiences: interned sets of clauses that must all pass.

A choice of an editor makes one clause; what a page inherits is the union of clauses. Equal sets are one ``Audience``
row, so any content carries one id, and which ids a viewer may see is set algebra over a few hundred rows.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from wagtail_personalize.segments import versions
from wagtail_personalize.segments.index import SegmentIndex, segment_index
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.viewer import Viewer

from .audience_choice import AudienceChoice
from .clauses import Clause, Clauses, Needs, canonical, holds, passes, read
from .models import Audience

__all__ = [
    "AudienceChoice",
    "AudienceIndex",
    "Clause",
    "audience_index",
    "clauses_of",
    "intern",
    "intern_all",
    "passes",
    "recommended_audience_ids",
    "refuse_restriction",
    "visible_audience_ids",
]


def clauses_of(audience: Audience | None) -> Clauses:
    """The clauses of an interned audience; none for ``None``."""
    return read(audience.clauses) if audience else frozenset()


def intern(clauses: Iterable[Clause]) -> Audience:
    """The one audience with these clauses, made if it is new. At least one clause must ask for something."""
    clauses = frozenset(clauses)
    return intern_all([clauses])[clauses]


@transaction.atomic
def intern_all(sets: Collection[Clauses]) -> dict[Clauses, Audience]:
    """The audiences of several sets of clauses, in at most five queries however many there are.

    Two processes may intern the same set at once: the digest is unique and both find the same row.
    """
    written = {clauses: canonical(clauses) for clauses in sets}
    if not all(written.values()):
        raise ValueError("An audience needs at least one clause that asks for something.")
    digests = {clauses: _digest(rows) for clauses, rows in written.items()}
    found = _by_digest(digests.values())
    missing = {digests[c]: rows for c, rows in written.items() if digests[c] not in found}
    if missing:
        versions.grow(versions.AUDIENCES)  # first: it also locks, so that all who intern wait in the same order
        Audience.objects.bulk_create(
            [Audience(digest=digest, clauses=rows) for digest, rows in missing.items()], ignore_conflicts=True
        )
        found |= _by_digest(missing)
    return {clauses: found[digest] for clauses, digest in digests.items()}


def _digest(rows: list[dict[str, list[str]]]) -> str:
    return hashlib.sha256(json.dumps(rows, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _by_digest(digests: Iterable[str]) -> dict[str, Audience]:
    return {audience.digest: audience for audience in Audience.objects.filter(digest__in=set(digests))}


@dataclass(frozen=True)
class AudienceIndex:
    """All audiences in segment ids, as immutable as the two versions it stands under."""

    version: int
    segments: SegmentIndex
    needs: Mapping[int, tuple[Needs | None, ...]]
    #: Those that name a segment people can choose themselves into: as a restriction they let nobody pass.
    self_chosen: frozenset[int] = frozenset()

    def passed_by(self, viewer: Viewer) -> frozenset[int]:
        """The ids of the audiences whose clauses the viewer passes."""
        mine = viewer.unheard_segment_ids
        return frozenset(pk for pk, needs in self.needs.items() if holds(needs, mine))


_latest: AudienceIndex | None = None


def audience_index(viewer: Viewer) -> AudienceIndex:
    """The index for this viewer's versions; asks the database only when one of them has grown."""
    global _latest
    version, segments, index = viewer.version(versions.AUDIENCES), segment_index(viewer), _latest
    if index is None or index.version != version or index.segments is not segments:
        audiences = {pk: read(written) for pk, written in Audience.objects.values_list("pk", "clauses")}
        needs = {pk: tuple(clause.needs(segments) for clause in clauses) for pk, clauses in audiences.items()}
        index = _latest = AudienceIndex(version, segments, needs, _self_chosen(audiences, segments))
    return index


def _self_chosen(audiences: Mapping[int, Clauses], segments: SegmentIndex) -> frozenset[int]:
    """Such a segment is refused as a restriction, but may become one later, by a new declaration for instance."""
    chosen = {entry.uuid for entry in segments.entries if entry.self_chosen}
    return frozenset(
        pk
        for pk, clauses in audiences.items()
        if chosen and any(not chosen.isdisjoint(clause.segment_uuids) for clause in clauses)
    )


def visible_audience_ids(viewer: Viewer, among: Any = None) -> frozenset[int]:
    """The access audiences that let this viewer pass.

    A restriction always asks for somebody we know: an anonymous visitor passes none, not even one that only excludes
    (an excluded person would merely sign out). And nobody passes one that people can choose themselves into.

    ``among`` says what the answer is for, to whoever listens: ids of audiences, or a queryset of pages.
    """
    if viewer.listener is not None:
        viewer.listener.audiences(among, "access")
    if viewer.is_anonymous:
        return frozenset()
    return _passed(viewer) - audience_index(viewer).self_chosen


def recommended_audience_ids(viewer: Viewer, among: Any = None) -> frozenset[int]:
    """The recommendation audiences that mean this viewer; ``among`` as above."""
    if viewer.listener is not None:
        viewer.listener.audiences(among, "recommendation")
    return _passed(viewer)


def _passed(viewer: Viewer) -> frozenset[int]:
    index = audience_index(viewer)
    known = viewer.__dict__.get("_audiences")
    if known is None or known[0] is not index:
        known = viewer.__dict__["_audiences"] = (index, index.passed_by(viewer))
    return known[1]


def refuse_restriction(segments: Iterable[Segment]) -> list[str]:
    """Why these segments may not restrict: one sentence for each that people can choose themselves into."""
    return [
        _(
            "“%(segment)s” depends on what people say about themselves, so it may recommend a page but not restrict it."
            " Choose another segment, or recommend instead."
        )
        % {"segment": segment.name}
        for segment in segments
        if segment.self_chosen
    ]
