"""The one query of a request.

What a request must know of the database (the person's segments, the state versions, and what the gate asks about the
page) is put into one ``UNION ALL`` of two columns: the name of a part and an integer. The statement is written by hand
and its text is kept per shape, because compiling it with the ORM would cost more than running it.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connections, router

from wagtail_personalize.conf import get_settings

from . import shared_cache
from .days import today
from .models import Membership, Segment, StateVersion

#: Begins every statement of this module, so that whoever watches statements knows it.
MARK = "/* viewer */ "

#: The name of the part that holds the ids of the person's segments.
MEMBER = "member"

Answers = dict[str, tuple[int, ...]]


class StatePart(NamedTuple):
    """One more question for the request's query.

    ``sql`` is a plain ``SELECT`` (no ``ORDER BY``, no ``LIMIT``) of two columns: ``name`` as a literal and an integer.
    ``params`` fill its ``%s``. Names must not be ``member`` or that of a state version.
    """

    name: str
    sql: str
    params: tuple = ()


def ask(person_id: Any, parts: Sequence[StatePart], *, own: bool) -> Answers:
    """Answer ``parts``; with ``own`` also the state versions and, unless ``person_id`` is ``None``, the segments."""
    using = router.db_for_read(Membership)
    if get_settings().SHARED_CACHE is None:
        return _query(using, person_id, parts, own)
    question = (person_id if own else "", own, today().toordinal(), *((p.name, p.sql, p.params) for p in parts))
    return shared_cache.remember(question, lambda: _query(using, person_id, parts, own), using=using)


def _query(using: str, person_id: Any, parts: Sequence[StatePart], own: bool) -> Answers:
    connection = connections[using]
    member = own and person_id is not None
    answers: dict[str, list[int]] = {part.name: [] for part in parts}
    params = [value for part in parts for value in part.params]
    if member:
        answers[MEMBER] = []
        params.append(person_parameter(person_id, using))
    with connection.cursor() as cursor:
        cursor.execute(_statement(using, own, member, *(part.sql for part in parts)), params)
        for name, number in cursor.fetchall():
            answers.setdefault(name, []).append(number)
    return {name: tuple(numbers) for name, numbers in answers.items()}


def person_parameter(person_id: Any, using: str) -> Any:
    """The key of a person as the database takes it in hand-written SQL."""
    return Membership._meta.get_field("person").get_db_prep_value(person_id, connections[using], prepared=False)


@lru_cache(maxsize=512)
def _statement(using: str, own: bool, member: bool, *sql: str) -> str:
    selects = list(sql)
    if member:
        selects.append(_member_sql(using))
    if own:
        quote = connections[using].ops.quote_name
        selects.append(f"SELECT {quote('name')}, {quote('number')} FROM {quote(StateVersion._meta.db_table)}")
    return MARK + " UNION ALL ".join(selects)


def _member_sql(using: str) -> str:
    """Stored memberships; a row of a broken segment never counts, wherever it came from."""
    quote = connections[using].ops.quote_name
    membership, segment = quote(Membership._meta.db_table), quote(Segment._meta.db_table)
    return (
        f"SELECT '{MEMBER}', m.{quote('segment_id')} FROM {membership} m"
        f" INNER JOIN {segment} s ON s.{quote('id')} = m.{quote('segment_id')}"
        f" WHERE m.{quote('person_id')} = %s AND s.{quote('broken')} = ''"
    )
