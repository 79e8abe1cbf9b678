"""Has anything expired for this person since the last day that was refreshed? Asked within the request's one query.

Until a new day was refreshed, the stored segments of most people are right all the same: none of their dates lies where
a window has moved (see ``expiring``). A process that has met such a day keeps a *watch*: the question for whoever has
such a date, ready to be put to the database together with the rest of the request. It counts only when the database
turns out to be as the watch was made for; otherwise the rules are asked (see ``expired``).
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import router
from django.db.models import Q
from django.db.models.expressions import RawSQL

from wagtail_personalize.people.declaration import ProfileDeclaration, get_declaration

from .days import today
from .expiring import expiring, untold
from .models import Membership, Segment
from .state_query import StatePart, person_parameter

#: The name of the part that finds something when a decision of the person has expired.
EXPIRED = "expired"
#: With more queries than this it is cheaper to ask the rules.
MOST_QUERIES = 5
#: Stands for the person in the parameters of a kept statement.
_PERSON = object()


class Watched(NamedTuple):
    """What a watch is for: a change of any of these makes it void."""

    #: The ordinal of the last day that was refreshed.
    reached: int
    #: The version of the segments.
    version: int
    day: date
    declaration: ProfileDeclaration | None
    using: str


class Watch(NamedTuple):
    """``questions`` are pairs of SQL and parameters; ``None``: only the rules can tell."""

    watched: Watched
    questions: tuple[tuple[str, tuple], ...] | None

    def parts(self, person_id: Any) -> list[StatePart]:
        """The questions for one person."""
        person = person_parameter(person_id, self.watched.using)
        return [
            StatePart(EXPIRED, sql, tuple(person if value is _PERSON else value for value in params))
            for sql, params in self.questions or ()
        ]

    def tells(self, reached: int, version: int) -> bool:
        """Whether the answers to its questions count, the database being at this day and version."""
        return self.questions is not None and self.watched == watched(reached, version)


_watch: Watch | None = None


def current_watch() -> Watch | None:
    """The watch of this process, if it has one for today."""
    return _watch if _watch and _watch.watched.day == today() else None


def watched(reached: int, version: int) -> Watched:
    return Watched(reached, version, today(), get_declaration(), router.db_for_read(Membership))


def keep_watch(reached: int, version: int) -> None:
    """Have a watch for the next requests of this process; costs a query when it has none yet."""
    global _watch
    wanted = watched(reached, version)
    if _watch is None or _watch.watched != wanted:
        _watch = Watch(wanted, _questions(wanted))


def _questions(wanted: Watched) -> tuple[tuple[str, tuple], ...] | None:
    rules = dict(Segment.objects.using(wanted.using).filter(depends_on_date=True).values_list("slug", "rule"))
    if not wanted.reached or wanted.declaration is None or untold(rules):
        return None
    qs = expiring(rules.values(), date.fromordinal(wanted.reached), wanted.day)
    return None if qs is None or len(qs) > MOST_QUERIES else tuple(_compiled(qs, wanted))


def _compiled(qs: Iterable[Q], wanted: Watched) -> Iterator[tuple[str, tuple]]:
    person = Q(**{wanted.declaration.person_path: RawSQL("%s", [_PERSON])})
    for q in qs:
        rows = wanted.declaration.profiles().using(wanted.using).filter(person & q).order_by().values_list("pk")
        try:
            sql, params = rows.query.get_compiler(wanted.using).as_sql()
        except EmptyResultSet:
            continue
        yield f"SELECT '{EXPIRED}', 1 FROM ({sql}) expired_profile", tuple(params)
