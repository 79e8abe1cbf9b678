"""Who sees what on a page: how many people each version of each place reaches, and which reach nobody.

All figures follow from the combinations of segments that occur, so the number of queries does not depend on the number
of blocks. What an editor may not know (see ``admin/sizes.py``) is not told in another way: without the permission to
see members, sizes and shares are made of rounded figures only.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from wagtail_personalize.conf import get_settings
from wagtail_personalize.privacy.sizes import rounded_size, shown_size
from wagtail_personalize.segments.index import segment_index

from .audience_choice import AudienceChoice
from .clauses import Clauses, Needs, holds
from .combinations import Combinations, combinations_of
from .dead_ends import DeadEnds
from .targeted_places import Place, Version, places_of
from .wording import SegmentNames

#: From this share of the page's audience on, an audience makes hardly a difference.
NEARLY_EVERYBODY = 0.95


@dataclass
class SeenVersion:
    """A version for the editor: for whom it is, how many see it, and what is wrong with it."""

    label: str
    audience: str
    people: str = ""
    share: str = ""
    note: str = ""
    problem: str = ""


@dataclass
class SeenPlace:
    place: Place
    versions: list[SeenVersion]

    @property
    def problems(self) -> list[str]:
        """One sentence each, with the name of the place."""
        title = f"{self.place.label} “{self.place.words}”" if self.place.words else self.place.label
        names = [f"{title}, {v.label}" if self.place.has_variants else title for v in self.versions]
        return [f"{name}: {v.problem}" for name, v in zip(names, self.versions, strict=True) if v.problem]


class WhoSees:
    """Reads one object for an editor. ``access`` are the clauses that restrict it; ``sizes``: may sizes be told?"""

    def __init__(self, obj: Model, access: Clauses = frozenset(), *, exact: bool, sizes: bool = True) -> None:
        self.obj, self.access = obj, access
        self.exact, self.sizes = exact, sizes

    @cached_property
    def places(self) -> list[Place]:
        return list(places_of(self.obj))

    @cached_property
    def named(self) -> set[str]:
        """The UUIDs of all segments that the page's own audiences and its blocks name."""
        blocks = {uuid for p in self.places for v in p.versions for uuid in v.audience.clause.segment_uuids}
        return blocks | {uuid for clause in self.access for uuid in clause.segment_uuids}

    @cached_property
    def names(self) -> SegmentNames:
        return SegmentNames(self.named)

    @cached_property
    def everybody(self) -> Combinations:
        known = self._index.by_uuid
        return combinations_of([e.id for uuid in self.named if (e := known.get(uuid)) and not e.broken])

    @cached_property
    def audience(self) -> Combinations:
        """The people who may open the page."""
        needs = [self._needs_of_clause(clause) for clause in self.access]
        return self.everybody.where(lambda mine: holds(needs, mine))

    @cached_property
    def total(self) -> int:
        return self.audience.count(lambda mine: True)

    @cached_property
    def rows(self) -> list[SeenPlace]:
        return [SeenPlace(place, list(self._seen(place))) for place in self.places]

    @property
    def problems(self) -> list[str]:
        """What an editor should know before publishing."""
        return [*self._page_problems(), *(sentence for row in self.rows for sentence in row.problems)]

    def _page_problems(self) -> Iterable[str]:
        if not self.access or not self.sizes:
            return
        total, all_people = self.total, self.everybody.count(lambda mine: True)
        if self._known(total) == 0:
            yield _("This page: %(problem)s") % {"problem": self._nobody()}
        elif self._is_nearly(total, all_people):
            yield _("This page: nearly everybody may open it. It may not need a restriction.")

    def _seen(self, place: Place) -> Iterable[SeenVersion]:
        dead_ends, above = DeadEnds(self.names), []
        for version in place.versions:
            seen = SeenVersion(version.label, self._said(version))
            seen.problem, seen.note = dead_ends.problem(version), dead_ends.note(version)
            if self.sizes and not seen.note:
                self._count(seen, version, above)
            if version.on and version.audience.is_running():
                above.append(self._needs(version.audience))
            dead_ends.passed(version)
            yield seen

    def _count(self, seen: SeenVersion, version: Version, above: list[Needs | None]) -> None:
        needs = self._needs(version.audience)
        meant = self.audience.count(lambda mine: holds([needs], mine))
        count = self.audience.count(lambda mine: holds([needs], mine) and not any(holds([n], mine) for n in above))
        seen.people, seen.share = shown_size(count, self.exact), self._share(count)
        if seen.problem or version.is_default:
            return
        if self.exact and meant and not count:
            seen.problem = _("Never shown: everybody in this audience sees a variant above.")
        elif self._known(count) == 0:
            seen.problem = self._nobody()
        elif self._is_nearly(count, self.total) and not version.audience.clause.is_everyone:
            seen.problem = _("Nearly everybody sees this (%(share)s). It may not need an audience.") % {
                "share": seen.share
            }

    def _said(self, version: Version) -> str:
        if version.is_default:
            return _("Everyone else")
        return self.names.describe(version.audience)

    def _needs(self, audience: AudienceChoice) -> Needs | None:
        return None if audience.unreadable else self._needs_of_clause(audience.clause)

    def _needs_of_clause(self, clause: Any) -> Needs | None:
        return clause.needs(self._index)

    @cached_property
    def _index(self) -> Any:
        return segment_index()

    def _known(self, count: int) -> int:
        """The figure that this editor may know."""
        return count if self.exact else rounded_size(count)

    def _share(self, count: int) -> str:
        """The share of the page's audience, from what the editor may know; in steps of five where that is rounded."""
        total = self._known(self.total)
        if not total:
            return ""
        share = round(100 * self._known(count) / total) if self.exact else self._known(count) * 20 // total * 5
        if not share and count:
            share = "< 1" if self.exact else "< 5"
        return _("%(share)s %%") % {"share": share}

    def _is_nearly(self, count: int, total: int) -> bool:
        count, total = self._known(count), self._known(total)
        return bool(total) and count >= NEARLY_EVERYBODY * total

    def _nobody(self) -> str:
        if self.exact:
            return _("Nobody is in this audience today.")
        floor = get_settings().FLOOR
        return _("Fewer than %(number)d people are in this audience today.") % {"number": floor}
