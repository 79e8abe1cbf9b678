"""For whom contents are meant, so that an event can say whether its person belonged to them.

A page is meant for whoever passes its restriction and its recommendation; without either for everybody. A section is
meant for whom the page at its top is meant for, a document for whom its collection is open, all else for everybody.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from wagtail.documents import get_document_model

from wagtail_personalize.segments.index import segment_index
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.audiences import audience_index
from wagtail_personalize.targeting.clauses import Needs, holds, segments_in
from wagtail_personalize.targeting.inheritance import Inheritance
from wagtail_personalize.targeting.models import CollectionAudience, EffectiveAudience

from ..models import Content
from .contents import Place
from .happened import Counted

#: One list of needs for each language of a page; whoever passes one of them is meant.
Meant = list[list[Needs | None]]
_NOBODY: list[Needs | None] = [None]


class MeantFor:
    """The audiences of some contents; ``segments`` are those that they ask about."""

    def __init__(self, contents: Iterable[Counted], places: Mapping[str, list[Place]]) -> None:
        contents = set(contents)
        self._index = audience_index(Viewer.anonymous())
        self._meant: dict[Counted, Meant] = {}
        self._of_pages([c for c in contents if c.type in (Content.Type.PAGE, Content.Type.SECTION)], places)
        self._of_documents({c.key: c for c in contents if c.type == Content.Type.DOCUMENT})
        self.segments = segments_in(need for meant in self._meant.values() for needs in meant for need in needs)

    def asked_of(self, content: Counted) -> Meant | None:
        """What somebody needs to be meant by ``content``; ``None``: everybody is."""
        return self._meant.get(content)

    def includes(self, content: Counted, mine: frozenset[int]) -> bool:
        """Whether somebody in the segments ``mine`` is meant by ``content``."""
        meant = self._meant.get(content)
        return meant is None or any(holds(needs, mine) for needs in meant)

    def _of_pages(self, contents: list[Counted], places: Mapping[str, list[Place]]) -> None:
        pages = {place.pk: place.path for content in contents for place in places.get(content.key, ())}
        rows = EffectiveAudience.objects.filter(page__in=pages).values_list("page_id", "access_id", "recommendation_id")
        found = {pk: [*self._access(access), *self._needs(recommended)] for pk, access, recommended in rows}
        if unknown := pages.keys() - found.keys():
            found |= self._live({pk: pages[pk] for pk in unknown})
        for content in contents:
            self._meant[content] = [found[place.pk] for place in places.get(content.key, ())] or [_NOBODY]

    def _live(self, pages: Mapping[Any, str]) -> dict[Any, list[Needs | None]]:
        """Of pages for which nothing is stored."""
        inheritance, segments = Inheritance.load(), segment_index()
        found = {}
        for pk, path in pages.items():
            choice = inheritance.at(path)
            found[pk] = [clause.needs(segments) for clause in choice.access | choice.recommendation]
        return found

    def _of_documents(self, wanted: Mapping[str, Counted]) -> None:
        if not wanted:
            return
        rows = get_document_model()._base_manager.filter(pk__in=wanted).values_list("pk", "collection__path")
        audiences = dict(CollectionAudience.objects.values_list("collection__path", "access_id"))
        for pk, path in rows:
            on_the_way = [access for above, access in audiences.items() if path.startswith(above)]
            self._meant[wanted[str(pk)]] = [[need for access in on_the_way for need in self._access(access)]]

    def _access(self, audience_id: int | None) -> list[Needs | None]:
        return _NOBODY if audience_id in self._index.self_chosen else self._needs(audience_id)

    def _needs(self, audience_id: int | None) -> list[Needs | None]:
        return [] if audience_id is None else list(self._index.needs.get(audience_id, _NOBODY))
