"""Finding objects by their names, by statements that a process makes once.

Most rules name something, and their editors wait for the size with every change. To make a queryset for two names and
to read its rows takes six times as long as the statement alone, and longer than counting a small team.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connections
from django.db.models import Model, QuerySet

#: (using, model, field, result, number of values) → SQL, or "" where a queryset has to do it.
_statements: dict[tuple[str, type[Model], str, str, int], str] = {}
#: No more values than that are looked for by a statement that is kept.
_FEW = 20


def search(objects: QuerySet, field: str, values: list[Any], result: str) -> Iterable[tuple[Any, Any]]:
    """Pairs of ``field`` and ``result`` for those of all ``objects`` whose ``field`` is one of ``values``."""
    sql = _statement(objects, field, values, result) if len(values) <= _FEW and not objects.query.where else ""
    if not sql:
        return _queryset(objects, field, values, result)
    connection = connections[objects.db]
    column = _column(objects.model, field)
    with connection.cursor() as cursor:
        cursor.execute(sql, [column.get_db_prep_value(value, connection) for value in values])
        return cursor.fetchall()


def _queryset(objects: QuerySet, field: str, values: list[Any], result: str) -> QuerySet:
    return objects.filter(**{f"{field}__in": values}).order_by().values_list(field, result)


def _column(model: type[Model], field: str) -> Any:
    return model._meta.pk if field == "pk" else model._meta.get_field(field)


def _statement(objects: QuerySet, field: str, values: list[Any], result: str) -> str:
    key = (objects.db, objects.model, field, result, len(values))
    if key not in _statements:
        _statements[key] = _made(_queryset(objects, field, values, result), len(values))
    return _statements[key]


def _made(rows: QuerySet, number: int) -> str:
    """The SQL, if all it needs are the values, and if what it returns can be taken as it is."""
    compiler = rows.query.get_compiler(rows.db)
    sql, params = compiler.as_sql()
    columns = [column for column, _sql, _alias in compiler.select[: compiler.col_count]]
    return sql if len(params) == number and not compiler.get_converters(columns) else ""
