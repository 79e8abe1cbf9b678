"""What a rendering used: of its viewer, of the database, of the time. Whoever agrees in all of it gets the same."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from wagtail_personalize.segments.viewer import Viewer

from ..audiences import AudienceIndex, audience_index
from ..clauses import segments_in
from ..models import EffectiveAudience
from ..page_tree import page_model


@dataclass
class Uses:
    """Grows while something is rendered; ``segments_of`` says which segments all of it comes down to."""

    segments: set[int] = field(default_factory=set)
    #: Ids of audiences that were asked about, and pages whose audiences were, each with the mode.
    audiences: set[int] = field(default_factory=set)
    pages: list[tuple[QuerySet, str]] = field(default_factory=list)
    any_audience: bool = False
    #: Names of facts about the viewer, see ``facts.py``.
    facts: set[str] = field(default_factory=set)
    #: Tables of the database that were read.
    tables: set[str] = field(default_factory=set)
    #: When the result may become another one by itself.
    until: datetime | None = None
    #: Why the result may not be kept; empty when it may.
    refused: str = ""

    def add(self, other: "Uses") -> None:
        """Let ``other`` be used as well."""
        self.segments |= other.segments
        self.audiences |= other.audiences
        self.pages += other.pages
        self.any_audience |= other.any_audience
        self.facts |= other.facts
        self.tables |= other.tables
        self.until = earlier(self.until, other.until)
        self.refused = self.refused or other.refused

    def segments_of(self, viewer: Viewer) -> frozenset[int]:
        """The ids of all segments that were used. Costs a query for each listing of pages."""
        found = set(self.segments)
        if self.audiences or self.any_audience or self.pages:
            index = audience_index(viewer)
            for pk in self._audience_ids(index):
                found |= segments_in(index.needs.get(pk, ()))
        return frozenset(found)

    def _audience_ids(self, index: AudienceIndex) -> set[int]:
        ids = set(self.audiences)
        for pages, mode in self.pages:
            if self.any_audience or ids.issuperset(index.needs):
                break
            ids |= _audiences_of(pages, mode, index)
        return set(index.needs) if self.any_audience else ids


def _audiences_of(pages: QuerySet, mode: str, index: AudienceIndex) -> set[int]:
    """The audiences that these pages have; all there are when one of the pages is not known yet."""
    if not index.needs:
        return set()
    keys = pages.order_by().values("pk")
    known = EffectiveAudience.objects.filter(page_id__in=keys)
    unknown = page_model()._base_manager.filter(pk__in=keys).exclude(pk__in=EffectiveAudience.objects.values("page_id"))
    if unknown.exists():
        return set(index.needs)
    return set(known.filter(**{f"{mode}__isnull": False}).values_list(f"{mode}_id", flat=True).distinct())


def earlier(*moments: datetime | None) -> datetime | None:
    """The first of these moments; ``None`` stands for never."""
    return min((moment for moment in moments if moment is not None), default=None)


def next_of(moments: Iterable[Any]) -> datetime | None:
    """The first of these moments that is still to come."""
    now = timezone.now()
    return earlier(*(moment for moment in moments if moment is not None and moment > now))
