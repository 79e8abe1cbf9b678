"""Writing different values to many rows in one statement.

Django's ``bulk_update`` does the same, but builds an expression for each value, which takes ten times as long as the
database needs. Fields that want an SQL form of their own, and tables behind a parent's table, are left to it.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connections, router
from django.db.models import Field, Model

from wagtail_personalize.people.batches import batches

#: The database looks for each row's value from the start of a list, so lists are short.
ROWS = 250


def update_rows(objects: Sequence[Model], names: Sequence[str]) -> None:
    """Write these fields of these stored objects of one model. Sends no signals."""
    model = type(objects[0])
    fields = [model._meta.get_field(name) for name in names]
    if any(_is_special(field) or field not in model._meta.local_fields for field in fields):
        model._base_manager.bulk_update(objects, names)
        return
    connection = connections[router.db_for_write(model)]
    most = connection.features.max_query_params
    size = min(ROWS, most // (2 * len(fields) + 1)) if most else ROWS
    with connection.cursor() as cursor:
        for rows in batches(objects, size):
            cursor.execute(*_statement(model, fields, rows, connection))


def _is_special(field: Field) -> bool:
    return hasattr(field, "get_placeholder") or hasattr(field, "get_placeholder_sql")


def _statement(model: type[Model], fields: list[Field], rows: list[Model], connection: Any) -> tuple[str, list[Any]]:
    quote = connection.ops.quote_name
    key = model._meta.pk
    keys = [key.get_db_prep_save(row.pk, connection) for row in rows]
    cases = f"CASE {quote(key.column)} {'WHEN %s THEN %s ' * len(rows)}END"
    columns = ", ".join(f"{quote(field.column)} = {_cast(cases, field, connection)}" for field in fields)
    where = f"{quote(key.column)} IN ({', '.join(['%s'] * len(rows))})"
    values = [
        item
        for field in fields
        for pk, row in zip(keys, rows, strict=True)
        for item in (pk, field.get_db_prep_save(getattr(row, field.attname), connection))
    ]
    return f"UPDATE {quote(model._meta.db_table)} SET {columns} WHERE {where}", [*values, *keys]


def _cast(case: str, field: Field, connection: Any) -> str:
    """PostgreSQL takes a list of values for text unless told otherwise."""
    if connection.features.requires_casted_case_in_updates:
        return f"CAST({case} AS {field.cast_db_type(connection)})"
    return case
