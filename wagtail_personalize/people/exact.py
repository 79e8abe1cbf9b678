"""Comparing text exactly, whatever the collation of the column or the database."""

from typing import Any

from django.db.models import CharField, Func, TextField
from django.db.models.functions import Cast

#: What expressions over text yield: one object for all, because each takes as long to make as a small expression.
TEXT = TextField()


class ExactText(Func):
    """The text of an expression, compared, grouped and sorted code point by code point on every database.

    ``ExactText(F("department"))`` distinguishes case, accents and trailing blanks also where the column would not.
    Numbers become text.
    """

    template = "%(expressions)s COLLATE %(collation)s"
    arity = 1

    def __init__(self, expression: Any, **extra: Any) -> None:
        super().__init__(expression, **{"output_field": TEXT, **extra})

    def _text(self) -> "ExactText":
        (source,) = self.get_source_expressions()
        if isinstance(getattr(source, "output_field", None), CharField | TextField):
            return self
        copy = self.copy()
        copy.set_source_expressions([Cast(source, TextField())])
        return copy

    def as_sql(self, compiler, connection, **context):
        return Func.as_sql(self._text(), compiler, connection, **{"collation": "BINARY", **context})

    def as_postgresql(self, compiler, connection, **context):
        template = '(%(expressions)s)::text COLLATE "C"'
        return Func.as_sql(self, compiler, connection, template=template, **context)

    def as_mysql(self, compiler, connection, **context):
        collation = "utf8mb4_nopad_bin" if connection.mysql_is_mariadb else "utf8mb4_0900_bin"
        template = f"CONVERT(%(expressions)s USING utf8mb4) COLLATE {collation}"
        return Func.as_sql(self, compiler, connection, template=template, **context)
