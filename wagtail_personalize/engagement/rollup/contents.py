"""What the roll-up knows of contents: for whom they are meant, and what else their numbers are added to.

In sections and on the site raw events only show who was there, so that nothing joins what one person did on two pages.
How much was done there is the sum over the contents in them.
"""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any
from uuid import UUID

from wagtail_personalize.people.batches import batches
from wagtail_personalize.targeting.clauses import Needs

from ..counting.contents import Place, places
from ..counting.happened import Counted
from ..counting.meant_for import MeantFor
from ..models import Content

_PAGES = (Content.Type.PAGE, Content.Type.SECTION)
#: Nobody knows beforehand who will search, or get an e-mail.
_FOR_UNKNOWN = frozenset({Content.Type.SEARCH, Content.Type.MAILING})
_AT_ONCE = 500
#: For each language of a content what a person needs; hashable. ``None``: it is meant for everybody.
Meant = tuple[tuple[Needs | None, ...], ...] | None


class Contents:
    """All contents, by their keys in the database. A page that is gone is meant for nobody knows whom."""

    def __init__(self) -> None:
        rows = Content.objects.order_by("pk").values_list("pk", "type", "key")
        self._by_key = {pk: Counted(type, key) for pk, type, key in rows}
        self._ids = {counted: pk for pk, counted in self._by_key.items() if counted.type != Content.Type.SEARCH}
        self._site = tuple(pk for counted, pk in self._ids.items() if counted.type == Content.Type.SITE)
        self._sections: dict[int, tuple[int, ...]] = {}
        self.meant: dict[int, Meant] = {}
        for some in batches(self._ids.items(), _AT_ONCE):
            self._learn(dict(some))

    def is_made_of_others(self, pk: int) -> bool:
        """Is it a section, or the site?"""
        counted = self._by_key.get(pk)
        return counted is not None and counted.type in (Content.Type.SECTION, Content.Type.SITE)

    def above(self, pk: int) -> tuple[int, ...]:
        """The sections that a page lies in, and the site."""
        return self._sections.get(pk, ()) + self._site

    def _learn(self, ids: dict[Counted, int]) -> None:
        placed = places(set(_uuids(ids)))
        known = [c for c in ids if c.type not in _FOR_UNKNOWN and (c.type not in _PAGES or c.key in placed)]
        meant_for = MeantFor(known, placed)
        for counted in known:
            asked = meant_for.asked_of(counted)
            self.meant[ids[counted]] = None if asked is None else tuple(sorted(map(tuple, asked), key=repr))
            if counted.type == Content.Type.PAGE:
                self._sections[ids[counted]] = self._sections_of(placed[counted.key])

    def _sections_of(self, found: Iterable[Place]) -> tuple[int, ...]:
        sections = {Counted.section(place.section.translation_key) for place in found if place.section}
        return tuple(self._ids[section] for section in sorted(sections) if section in self._ids)


def _uuids(counted: Iterable[Counted]) -> Iterable[Any]:
    """The keys of pages of this site; what came from another system may have others."""
    for one in counted:
        if one.type in _PAGES:
            with suppress(ValueError):
                yield str(UUID(one.key))
