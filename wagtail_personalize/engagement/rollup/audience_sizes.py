"""How many people a content was meant for at the end of a span: all of them, and those of each reporting segment.

People are bits of a number, so a clause is an *and* of numbers and a size a count of bits: one query for the segments
of a moment, and none for any content or group. Whom a page is meant for is known as it is now; who was in which
segment, as it was then. Whoever left since is not counted.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import cached_property

from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.segments.history import end_of
from wagtail_personalize.segments.history import kept_since as history_since
from wagtail_personalize.segments.models import Membership, PastMembership
from wagtail_personalize.targeting.clauses import Needs, segments_in

from ..models import ALL
from .contents import Contents, Meant
from .spans import Span

#: In place of a day: before it, nobody knows who was in which segment.
_NOT_KNOWN = date.min


class AudienceSizes:
    """Sizes for these contents and ``segments``; ask ``of``."""

    def __init__(self, contents: Contents, segments: Collection[int]) -> None:
        self._meant = contents.meant
        asked = segments_in(need for meant in self._meant.values() for needs in meant or () for need in needs)
        #: Those that the sizes depend on.
        self.segments = asked | set(segments)
        self._days: dict[Span, date | None] = {}
        self._crowds: dict[date | None, _Crowd] = {}
        self._sizes: dict[tuple[Meant, int, date | None], int] = {}

    def of(self, content: int, segment: int, span: Span) -> int | None:
        """How many people of ``segment`` (0: of all) the content was meant for; ``None`` if nobody can tell."""
        if content not in self._meant or (day := self._day_of(span)) == _NOT_KNOWN:
            return None
        key = (self._meant[content], segment, day)
        if key not in self._sizes:
            self._sizes[key] = self._crowd(day).size(self._meant[content], segment)
        return self._sizes[key]

    def _day_of(self, span: Span) -> date | None:
        """The day at whose end people are counted; ``None``: now."""
        if span not in self._days:
            is_over = end_of(span.last) <= timezone.now()
            self._days[span] = _NOT_KNOWN if span.last < history_since() else span.last if is_over else None
        return self._days[span]

    @cached_property
    def _people(self) -> dict[Any, int]:
        """The place of each active person in the numbers."""
        declaration = get_declaration()
        people = declaration.people().order_by().values_list(declaration.person_path, flat=True) if declaration else ()
        return {person: number for number, person in enumerate(people)}

    def _crowd(self, day: date | None) -> "_Crowd":
        if day not in self._crowds:
            self._crowds[day] = _Crowd(self._people, self.segments, end_of(day) if day else None)
        return self._crowds[day]


class _Crowd:
    """Who of all active people was in which segment at a moment (``None``: now)."""

    def __init__(self, place: Mapping[Any, int], segments: Collection[int], moment: datetime | None) -> None:
        self._all = (1 << len(place)) - 1
        self._members = {segment: bytearray(len(place) // 8 + 1) for segment in segments}
        for segment, person in _memberships(segments, moment):
            if (number := place.get(person)) is not None:
                self._members[segment][number >> 3] |= 1 << (number & 7)
        self._bits = {segment: int.from_bytes(bits, "little") for segment, bits in self._members.items()}

    def size(self, meant: Meant, segment: int) -> int:
        group = self._all if segment == ALL else self._bits.get(segment, 0)
        if meant is None:
            return group.bit_count()
        reached = 0
        for needs in meant:
            reached |= self._passing(needs)
        return (reached & group).bit_count()

    def _passing(self, needs: Iterable[Needs | None]) -> int:
        passing = self._all
        for need in needs:
            if need is None:
                return 0
            include, exclude = need
            if include:
                passing &= self._union(include)
            passing &= ~self._union(exclude)
        return passing

    def _union(self, segments: Iterable[int]) -> int:
        bits = 0
        for segment in segments:
            bits |= self._bits[segment]
        return bits


def _memberships(segments: Collection[int], moment: datetime | None) -> Iterable[tuple[int, Any]]:
    if not segments:
        return
    columns = "segment_id", "person_id"
    current = Membership.objects.filter(segment__in=segments).order_by()
    if moment is None:
        yield from current.values_list(*columns).iterator()
        return
    yield from current.filter(since__lt=moment).values_list(*columns).iterator()
    past = PastMembership.objects.filter(segment__in=segments, since__lt=moment, until__gte=moment).order_by()
    yield from past.values_list(*columns).iterator()
