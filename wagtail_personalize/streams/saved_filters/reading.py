"""The filters that a reader may switch between: their own, and ready ones for everybody or for a segment of theirs.

A source that the reader may not see does not exist in a filter. A filter that names sources, none of which is left,
shows nothing; a ready one of that kind is not offered at all.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from wagtail_personalize.segments.viewer import Viewer

from ..formats.models import Format
from ..sources.finding import find_all
from ..sources.kinds import Shown
from ..sources.models import Source
from .models import SavedFilter

#: More ready ones than these do not fit above a list.
_MOST_READY = 20


@dataclass(frozen=True)
class OpenFilter:
    """A saved filter as one viewer may use it."""

    pk: int
    name: str
    is_own: bool
    by_sources: bool
    sources: tuple[tuple[int, Shown], ...]
    formats: tuple[Format, ...]

    @property
    def source_ids(self) -> list[int]:
        return [pk for pk, _shown in self.sources]

    @property
    def parts(self) -> list[str]:
        """What it consists of, in words."""
        return [*(shown.label for _pk, shown in self.sources), *(str(one.label) for one in self.formats)]


def filters_for(viewer: Viewer) -> list[OpenFilter]:
    """The reader's own first. None in a preview of what is theirs. A fixed number of queries."""
    if viewer.person_id is None:
        return []
    ready = Q(person=None)
    wanted = ready if viewer.is_preview else ready | Q(person=viewer.person_id)
    rows = list(SavedFilter.objects.filter(wanted).order_by("position", "name", "pk"))
    mine = viewer.among({row.segment_id for row in rows if row.segment_id is not None and row.person_id is None})
    own = [row for row in rows if row.person_id is not None]
    offered = [row for row in rows if row.person_id is None and (row.segment_id is None or row.segment_id in mine)]
    opened = _opened([*own, *offered[:_MOST_READY]], viewer)
    return [one for one in opened if one.is_own or one.sources or not one.by_sources]


def _opened(rows: list[SavedFilter], viewer: Viewer) -> list[OpenFilter]:
    links = SavedFilter.sources.through.objects.filter(savedfilter__in=[row.pk for row in rows]) if rows else ()
    pairs = list(links.values_list("savedfilter", "source").order_by("pk")) if rows else []
    sources = Source.objects.in_bulk({source for _saved, source in pairs}) if pairs else {}
    shown = find_all({(one.kind, one.key) for one in sources.values()}, viewer)
    return [_open(row, (sources[source] for saved, source in pairs if saved == row.pk), shown) for row in rows]


def _open(row: SavedFilter, sources: Iterable[Source], shown: dict[tuple[str, str], Shown]) -> OpenFilter:
    seen = tuple((one.pk, shown[one.kind, one.key]) for one in sources if (one.kind, one.key) in shown)
    formats = tuple(one for one in Format if one.value in row.formats)
    return OpenFilter(row.pk, row.name, row.person_id is not None, row.by_sources, seen, formats)
