"""Set-based writes compiled from querysets.

``INSERT … SELECT`` straight from a queryset costs about as much as raw SQL and a tenth of ``bulk_create``. The
queryset stays ordinary Django, so the rule of a segment is written once and used for reading and writing.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections, models, router
from django.db.models.constants import OnConflict

#: The most that one statement inserts from objects, below any database's limit of parameters.
_ROWS_AT_ONCE = 1000


def insert_select(
    model: type[models.Model], columns: Sequence[str], rows: models.QuerySet, *, ignore_conflicts: bool = False
) -> int:
    """Insert ``rows`` into ``model`` and return how many were written.

    ``columns`` are field names of ``model``; ``rows`` is a ``values_list`` queryset with as many columns in the same
    order. Runs on the database that ``model`` is written to. Sends no signals. With ``ignore_conflicts``, rows that
    are there already are left out.
    """
    alias = router.db_for_write(model)
    connection = connections[alias]
    quote = connection.ops.quote_name
    target = ", ".join(quote(model._meta.get_field(name).column) for name in columns)
    try:
        select, parameters = rows.using(alias).query.get_compiler(alias).as_sql()
    except EmptyResultSet:
        return 0
    conflict = OnConflict.IGNORE if ignore_conflicts else None
    insert = connection.ops.insert_statement(on_conflict=conflict)
    suffix = connection.ops.on_conflict_suffix_sql([], conflict, [], [])
    with connection.cursor() as cursor:
        cursor.execute(f"{insert} {quote(model._meta.db_table)} ({target}) {select} {suffix}", parameters)
        return max(cursor.rowcount, 0)


def delete_rows(rows: models.QuerySet) -> int:
    """Delete ``rows`` in one statement and return how many there were.

    ``QuerySet.delete()`` would read them all into memory first, because Wagtail listens to every deletion. Sends no
    signals and follows no cascades, so use it for tables that nothing points to.
    """
    alias = router.db_for_write(rows.model)
    return rows.using(alias).order_by()._raw_delete(alias) or 0


def insert_new(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> set[Any]:
    """Insert those of ``rows`` whose primary key is not there yet, and return the keys of exactly these.

    Each row has a value for each of ``columns``, the first of which is the primary key. A fraction of what
    ``bulk_create`` costs; sends no signals. Of two processes that insert the same row at once one is told that it did.
    MySQL cannot tell; there the keys are looked up before.
    """
    connection = connections[router.db_for_write(model)]
    fields = [model._meta.get_field(name) for name in columns]
    new: set[Any] = set()
    most = min(_ROWS_AT_ONCE, (connection.features.max_query_params or 10**6) // len(fields))
    for chunk in batched(rows, most):
        new |= _insert_new(connection, model, fields, chunk)
    return new


def _insert_new(connection: Any, model: type[models.Model], fields: list[Any], rows: list[Sequence[Any]]) -> set[Any]:
    key, keys = fields[0], {row[0] for row in rows}
    tells = connection.features.can_return_rows_from_bulk_insert
    known = set() if tells else set(model._base_manager.filter(pk__in=keys).values_list("pk", flat=True))
    quote = connection.ops.quote_name
    values, parameters = _values(connection, fields, rows)
    statement = (
        f"{connection.ops.insert_statement(on_conflict=OnConflict.IGNORE)} {quote(model._meta.db_table)}"
        f" ({', '.join(quote(field.column) for field in fields)}) {values}"
        f" {connection.ops.on_conflict_suffix_sql([], OnConflict.IGNORE, [], [])}"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} RETURNING {quote(key.column)}" if tells else statement, parameters)
        return {key.to_python(pk) for (pk,) in cursor.fetchall()} if tells else keys - known


def _values(connection: Any, fields: list[Any], rows: list[Sequence[Any]]) -> tuple[str, list[Any]]:
    """All rows in one statement; PostgreSQL takes them as an array for each column."""
    by_column = [
        _adapted(connection, field, values) for field, values in zip(fields, zip(*rows, strict=True), strict=True)
    ]
    if connection.vendor == "postgresql":
        arrays = ", ".join(f"%s::{field.db_type(connection)}[]" for field in fields)
        return f"SELECT * FROM UNNEST({arrays})", by_column
    row = f"({', '.join(['%s'] * len(fields))})"
    return f"VALUES {', '.join([row] * len(rows))}", [value for row in zip(*by_column, strict=True) for value in row]


def _adapted(connection: Any, field: Any, values: Iterable[Any]) -> list[Any]:
    """As the database takes them; equal ones are adapted once."""
    adapt = cache(lambda value: field.get_db_prep_save(value, connection))
    return [adapt(value) for value in values]


def batched(rows: Iterable[Any], most: int) -> Iterator[list[Any]]:
    """Lists of at most so many of ``rows``."""
    rows = iter(rows)
    while chunk := list(islice(rows, most)):
        yield chunk
