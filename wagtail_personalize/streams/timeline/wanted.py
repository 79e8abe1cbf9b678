"""What a reader asked a list for: a format, a saved filter; and the links to the others."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from wagtail_personalize.segments.viewer import Viewer

from ..formats.choosing import Choice, format_choices, read_format, with_query
from ..formats.models import Format
from ..saved_filters.reading import OpenFilter, filters_for
from ..sources.models import Source


@dataclass(frozen=True)
class Wanted:
    """Everything, unless something is said. Whatever an address says that does not exist is not said."""

    format: Format | None = None
    saved: OpenFilter | None = None
    filters: tuple[OpenFilter, ...] = ()

    @classmethod
    def read(cls, query: QueryDict, viewer: Viewer, with_filters: bool) -> "Wanted":
        filters = tuple(filters_for(viewer)) if with_filters else ()
        saved = next((one for one in filters if str(one.pk) == query.get("filter", "")), None)
        return cls(read_format(query.get("format", "")), saved, filters)

    @property
    def formats(self) -> tuple[int, ...]:
        """Numbers; none is all of them. A format that the filter leaves out finds nothing."""
        given = tuple(one.value for one in self.saved.formats) if self.saved else ()
        if self.format is None:
            return given
        return (self.format.value,) if not given or self.format.value in given else (-1,)

    @property
    def sources(self) -> Any:
        """The ids of the sources, as a queryset; ``None`` for what the reader follows."""
        if self.saved is None or not self.saved.by_sources:
            return None
        return Source.objects.filter(pk__in=self.saved.source_ids).order_by().values_list("pk", flat=True)

    def url(self, address: str, **more: Any) -> str:
        return with_query(address, filter=self._filter, format=self._format, **more)

    def format_choices(self, address: str) -> list[Choice]:
        return format_choices(address, self.format, filter=self._filter)

    def filter_choices(self, address: str) -> list[tuple[OpenFilter | None, str, bool]]:
        """Each filter with its link and whether it is chosen; nothing while there is none."""
        found = [(one, with_query(address, filter=one.pk), one == self.saved) for one in self.filters]
        return [(None, address, self.saved is None), *found] if found else []

    @property
    def _filter(self) -> str:
        return str(self.saved.pk) if self.saved else ""

    @property
    def _format(self) -> str:
        return self.format.slug if self.format is not None else ""
