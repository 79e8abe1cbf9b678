"""All segments of the site, kept in the process under the ``segments`` version.

Every change of a segment makes the version grow in the same transaction, so an index is as immutable as its number.
Who is in a segment is never kept here.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from . import versions
from .models import Segment

if TYPE_CHECKING:
    from .viewer import Viewer


class SegmentEntry(NamedTuple):
    """What a request may need to know of a segment."""

    id: int
    uuid: str
    slug: str
    broken: bool
    depends_on_date: bool
    self_chosen: bool
    mentions: frozenset[str]


@dataclass(frozen=True)
class SegmentIndex:
    """Look-ups over the segments as they were at ``version``."""

    version: int
    entries: tuple[SegmentEntry, ...]

    @cached_property
    def by_uuid(self) -> Mapping[str, SegmentEntry]:
        """Keys are UUIDs as text, with hyphens."""
        return {entry.uuid: entry for entry in self.entries}

    @cached_property
    def by_slug(self) -> Mapping[str, SegmentEntry]:
        return {entry.slug: entry for entry in self.entries}

    @cached_property
    def broken(self) -> frozenset[int]:
        """Ids of the segments that are empty because their rule no longer means anything."""
        return frozenset(entry.id for entry in self.entries if entry.broken)

    @cached_property
    def dated(self) -> frozenset[int]:
        """Ids of the usable segments whose answer can change with the day."""
        return frozenset(entry.id for entry in self.entries if entry.depends_on_date and not entry.broken)

    def mentioning(self, attributes: Collection[str] | None) -> list[int]:
        """Ids of the segments that depend on one of ``attributes``, broken ones too; ``None`` means any attribute."""
        names = None if attributes is None else frozenset(attributes)
        return [entry.id for entry in self.entries if names is None or not names.isdisjoint(entry.mentions)]

    def ids(self, uuids: Iterable[str]) -> frozenset[int] | None:
        """The ids of these segments, or ``None`` when one is unknown or broken: then nobody may pass."""
        found = [self.by_uuid.get(uuid) for uuid in uuids]
        if any(entry is None or entry.broken for entry in found):
            return None
        return frozenset(entry.id for entry in found)


_latest = SegmentIndex(version=-1, entries=())


def segment_index(at: "Viewer | int | None" = None) -> SegmentIndex:
    """The index for a viewer, for a version, or (asking the database) for now.

    Needs a query only when the version has grown since this process last looked.
    """
    global _latest
    if at is None:
        version = versions.number_of(versions.SEGMENTS)
    else:
        version = at if isinstance(at, int) else at.version(versions.SEGMENTS)
    index = _latest
    if index.version != version:
        index = _latest = _load(version)
    return index


def newest_index() -> SegmentIndex:
    """What this process looked at last, without asking: for receivers that run after one that asked."""
    return _latest


def _load(version: int) -> SegmentIndex:
    rows = Segment.objects.order_by("pk").values_list(
        "pk", "uuid", "slug", "broken", "depends_on_date", "self_chosen", "mentions"
    )
    entries = (
        SegmentEntry(pk, str(uuid), slug, bool(broken), dated, self_chosen, frozenset(mentions))
        for pk, uuid, slug, broken, dated, self_chosen, mentions in rows
    )
    return SegmentIndex(version, tuple(entries))
