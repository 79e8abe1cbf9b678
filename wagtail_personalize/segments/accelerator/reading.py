"""Rows as the database hands them out, without making Python objects of values that occur a thousand times."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet

#: Rows that are fetched at once.
AT_ONCE = 5000

Convert = Callable[[Any], Any]


class Rows:
    """The rows of a ``values_list``, raw, and for each column what makes the value out of a raw one, if needed.

    A user's key is raw in the same way wherever it is read, and the database takes it back as it is.
    """

    def __init__(self, queryset: QuerySet, using: str) -> None:
        self._connection = connections[using]
        compiler = queryset.using(using).query.get_compiler(using)
        self.converters: list[Convert | None] = []
        try:
            self._statement = compiler.as_sql()
        except EmptyResultSet:
            self._statement = None
            return
        columns = [column for column, _sql, _alias in compiler.select[: compiler.col_count]]
        found = compiler.get_converters(columns)
        self.converters = [self._converter(*found[n]) if n in found else None for n in range(len(columns))]

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        if self._statement is None:
            return
        with self._connection.chunked_cursor() as cursor:
            cursor.execute(*self._statement)
            while rows := cursor.fetchmany(AT_ONCE):
                yield from rows

    def _converter(self, converters: list[Callable], expression: Any) -> Convert:
        return partial(_converted, converters, expression, self._connection)


def _converted(converters: list[Callable], expression: Any, connection: Any, raw: Any) -> Any:
    for convert in converters:
        raw = convert(raw, expression, connection)
    return raw
