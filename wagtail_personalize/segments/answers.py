"""Which of these segments are these people in? Many rules, few people, one statement.

Each rule becomes one ``SELECT`` and they are joined by ``UNION ALL``. That is the way for a profile that was saved or a
batch of an import; for everybody, ``refresh`` lets the database compare in place.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BigIntegerField, Q, Value
from django.db.models.sql.compiler import SQLCompiler

from wagtail_personalize.people.declaration import get_declaration

#: No database refuses a statement with so many parts and parameters.
MOST_SELECTS = 200
MOST_PARAMETERS = 20_000


class Statement(NamedTuple):
    """SQL with its parameters, and the compiler that knows how to read its rows."""

    sql: str
    params: list[Any]
    compiler: SQLCompiler


def people_in(rules: Iterable[tuple[int, Q]], people: Q, *, using: str) -> set[tuple[int, Any]]:
    """Pairs of a segment's id and a person's key: who of ``people`` satisfies the effective ``Q`` of which segment."""
    found: set[tuple[int, Any]] = set()
    for statement in statements(rules, people, using=using):
        found |= set(rows_of(statement, statement.params, using=using))
    return found


def statements(rules: Iterable[tuple[int, Q]], people: Q, *, using: str) -> Iterator[Statement]:
    """The statements that together answer all ``rules``, each of a bounded size."""
    selects: list[str] = []
    params: list[Any] = []
    compiler = None
    for pk, q in rules:
        select = _select(pk, q & people, using)
        if select is None:
            continue
        if selects and (len(selects) >= MOST_SELECTS or len(params) + len(select.params) > MOST_PARAMETERS):
            yield Statement(" UNION ALL ".join(selects), params, compiler)
            selects, params = [], []
        compiler = select.compiler
        selects.append(select.sql)
        params += select.params
    if selects:
        yield Statement(" UNION ALL ".join(selects), params, compiler)


def rows_of(statement: Statement, params: list[Any], *, using: str) -> Iterator[tuple[int, Any]]:
    """Run a statement with these parameters."""
    with connections[using].cursor() as cursor:
        cursor.execute(statement.sql, params)
        rows = cursor.fetchall()
    return statement.compiler.results_iter([rows], tuple_expected=True)


def _select(pk: int, q: Q, using: str) -> Statement | None:
    declaration = get_declaration()
    rows = declaration.profiles().using(using).filter(q).order_by()
    rows = rows.values_list(Value(pk, output_field=BigIntegerField()), declaration.person_path)
    compiler = rows.query.get_compiler(using)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    return Statement(sql, list(params), compiler)
