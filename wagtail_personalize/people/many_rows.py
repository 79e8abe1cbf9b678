"""Inserting very many small rows of our own tables: from tuples, without an object for each.

``bulk_create`` makes an object of each row and asks each of its fields several times, which takes far longer than the
database needs to store it.
"""

from collections.abc import Sequence
from types import NoneType
from typing import Any

from django.db import connections, router
from django.db.models import Field, Model

from .batches import batches

#: Rows of one statement where the values stand in it.
ROWS = 200


def insert_rows(model: type[Model], names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert ``rows`` with values for the fields ``names`` of ``model``. Sends no signals."""
    if not rows:
        return
    connection = connections[router.db_for_write(model)]
    fields = [model._meta.get_field(name) for name in names]
    insert = _insert(model, fields, connection)
    values = _columns(fields, rows, connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"{insert} {_unnested(fields, connection)}", list(map(_array, values)))
        else:
            insert_values(cursor, f"{insert} VALUES", "", list(zip(*values, strict=True)))


def insert_returning(fields: Sequence[Field], rows: Sequence[tuple[Any, ...]]) -> list[Any]:
    """The keys of new rows of one model with these fields, on PostgreSQL, in the order given. Sends no signals."""
    model = fields[0].model
    connection = connections[router.db_for_write(model)]
    insert, key = _insert(model, fields, connection), connection.ops.quote_name(model._meta.pk.column)
    with connection.cursor() as cursor:
        statement = f"{insert} {_unnested(fields, connection)} RETURNING {key}"
        cursor.execute(statement, _columns(fields, rows, connection))
        return [key for (key,) in cursor.fetchall()]


def insert_values(cursor: Any, insert: str, suffix: str, rows: list[tuple[Any, ...]]) -> None:
    """Statements with many rows are prepared once, and only the last one has fewer."""
    whole = len(rows) - len(rows) % ROWS
    row = f"({', '.join(['%s'] * len(rows[0]))})"
    for some, number in ((rows[:whole], ROWS), (rows[whole:], len(rows) - whole)):
        if some:
            values = ", ".join([row] * number)
            cursor.executemany(f"{insert} {values} {suffix}", [sum(each, ()) for each in batches(some, number)])


def _insert(model: type[Model], fields: Sequence[Field], connection: Any) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns})"


def _unnested(fields: Sequence[Field], connection: Any) -> str:
    """Rows from one list for each field; the column's own limit of length decides, not the list's."""
    kinds = (field.db_type(connection).partition("(")[0] for field in fields)
    return f"SELECT * FROM unnest({', '.join(f'%s::{kind}[]' for kind in kinds)})"


def _columns(fields: Sequence[Field], rows: Sequence[tuple[Any, ...]], connection: Any) -> list[list[Any]]:
    columns = zip(fields, zip(*rows, strict=True), strict=True)
    return [_prepared(field, values, connection) for field, values in columns]


def _array(values: list[Any]) -> list[Any] | str:
    """A list of numbers as PostgreSQL writes it: psycopg would look at each of them."""
    if not all(issubclass(kind, int | NoneType) for kind in set(map(type, values))):
        return values
    return f"{{{','.join(map(str, values)).replace('None', 'NULL')}}}"


def _prepared(field: Field, values: Sequence[Any], connection: Any) -> list[Any]:
    """What the database takes for these values, many of which are the same."""
    known = {value: field.get_db_prep_save(value, connection) for value in set(values)}
    return [known[value] for value in values]
