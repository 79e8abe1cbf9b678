"""A person's segments on a day for which nothing was refreshed yet.

Until the nightly command has run, a viewer for whom nothing has expired is in the stored segments (see ``watching``);
for anybody else, what depends on the date is answered by the rules for this one person, in one statement and without
writing. Compiling the rules takes longer than running them, so a process keeps the statement for a while; it says who
is meant only when it runs.
"""

from datetime import date
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import router
from django.db.models import Q
from django.db.models.expressions import RawSQL

from wagtail_personalize.people.declaration import ProfileDeclaration, get_declaration

from . import shared_cache, versions
from .answers import Statement, rows_of, statements
from .days import today
from .deriving import meanings
from .index import segment_index
from .models import Membership, Segment
from .state_query import person_parameter
from .watching import EXPIRED, keep_watch

if TYPE_CHECKING:
    from .viewer import Viewer

#: Seconds after which rules are compiled anew: the objects that they name may have been given other names.
LIFETIME = 60
#: Stands for the person in the parameters of a kept statement.
_PERSON = object()


class _Kept(NamedTuple):
    under: tuple[int, date, ProfileDeclaration | None, str]
    until: float
    statements: list[Statement]


_kept = _Kept((-1, date.min, None, ""), 0, [])


def right_today(viewer: "Viewer", stored: frozenset[int]) -> frozenset[int]:
    """The ids of the viewer's segments today; ``stored`` is what the last refreshed day left."""
    reached, version = viewer.version(versions.DAY), viewer.version(versions.SEGMENTS)
    if viewer.watch and viewer.watch.tells(reached, version) and not viewer.found(EXPIRED):
        return stored
    dated = segment_index(viewer).dated
    if not dated:
        return stored
    keep_watch(reached, version)
    return (stored - dated) | segments_today(viewer._person_id, version, today())


def segments_today(person_id: Any, version: int, day: date) -> frozenset[int]:
    """The ids of the date-dependent segments that the person is in on ``day``.

    ``version`` is that of the segments as the request has seen it.
    """
    using = router.db_for_read(Membership)
    return shared_cache.remember(
        ("expired", person_id, version, day.toordinal()), lambda: _ask(person_id, version, day, using), using=using
    )


def _ask(person_id: Any, version: int, day: date, using: str) -> frozenset[int]:
    found: set[int] = set()
    person = person_parameter(person_id, using)
    for statement in _statements(version, day, using):
        params = [person if value is _PERSON else value for value in statement.params]
        found.update(segment for segment, _person in rows_of(statement, params, using=using))
    return frozenset(found)


def _statements(version: int, day: date, using: str) -> list[Statement]:
    global _kept
    kept, under = _kept, (version, day, get_declaration(), using)
    if kept.under != under or monotonic() > kept.until:
        kept = _kept = _Kept(under, monotonic() + LIFETIME, _compile(day, using))
    return kept.statements


def _compile(day: date, using: str) -> list[Statement]:
    found = meanings(Segment.objects.filter(depends_on_date=True), day)
    usable = [(meaning.segment.pk, meaning.q) for meaning in found if meaning.q is not None]
    if not usable:
        return []
    person = Q(**{get_declaration().person_path: RawSQL("%s", [_PERSON])})
    return list(statements(usable, person, using=using))
