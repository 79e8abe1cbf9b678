"""SQL expressions that cost a fraction of what Django offers for the same."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, F, Func, IntegerField, Value

from wagtail_personalize.people.exact import TEXT, ExactText
from wagtail_personalize.people.models import ReportingLine

Span = tuple[datetime, datetime]
_YES_NO, _NUMBER = BooleanField(), IntegerField()


class InSpans(Func):
    """Is the moment in one of the spans, their ends not included? NULL for NULL; false without any span."""

    def __init__(self, moment: Any, spans: Sequence[Span], **extra: Any) -> None:
        super().__init__(moment, **{"output_field": _YES_NO, **extra})
        self.spans = tuple(spans)

    def as_sql(self, compiler, connection, **context):
        (moment,) = self.get_source_expressions()
        sql, params = compiler.compile(moment)
        adapt = connection.ops.adapt_datetimefield_value
        wanted = [f"({sql} >= %s AND {sql} < %s)" for _span in self.spans] or ["1 = 0"]
        given = [[*params, adapt(begin), *params, adapt(end)] for begin, end in self.spans]
        return f"({' OR '.join(wanted)})", [param for span in given for param in span]


class MonthAndDay(Func):
    """Month × 100 + day of a date, to ask for days of the year as a range of numbers."""

    template = "(EXTRACT(MONTH FROM %(expressions)s) * 100 + EXTRACT(DAY FROM %(expressions)s))"
    arity = 1

    def __init__(self, day: Any, **extra: Any) -> None:
        super().__init__(day, **{"output_field": _NUMBER, **extra})

    def as_sqlite(self, compiler, connection, **context):
        template = "CAST(strftime('%%%%m%%%%d', %(expressions)s) AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **context)


class TextIdentity(Func):
    """What is equal for two texts only when they are the same, code point by code point.

    The text itself, but on MariaDB and MySQL its hash: there a list of long texts is searched from end to end for every
    person, which takes seconds where hashes take milliseconds.
    """

    arity = 1

    def __init__(self, text: Any, **extra: Any) -> None:
        super().__init__(ExactText(text), **{"output_field": TEXT, **extra})

    def as_sql(self, compiler, connection, **context):
        (text,) = self.get_source_expressions()
        return compiler.compile(text)

    def as_mysql(self, compiler, connection, **context):
        sql, params = self.as_sql(compiler, connection)
        return f"SHA2({sql}, 256)", params


class KnownTextIdentity(Func):
    """The ``TextIdentity`` of a ``FoldedValue``, which keeps the hash beside the text."""

    def __init__(self, **extra: Any) -> None:
        super().__init__(ExactText(F("value")), F("value_hash"), **{"output_field": TEXT, **extra})

    def as_sql(self, compiler, connection, **context):
        return compiler.compile(self.get_source_expressions()[0])

    def as_mysql(self, compiler, connection, **context):
        return compiler.compile(self.get_source_expressions()[1])


class PeopleBelow(Func):
    """The keys of whoever reports to a manager, to be looked for with ``In``.

    A subquery of a fixed form: making a queryset for it, and resolving and compiling that, took longer than counting
    the people of a small team.
    """

    def __init__(self, manager: Any, directly: bool, **extra: Any) -> None:
        manager_key, person = (ReportingLine._meta.get_field(name) for name in ("manager", "person"))
        super().__init__(Value(manager, output_field=manager_key), **{"output_field": person, **extra})
        self.directly = directly

    def as_sql(self, compiler, connection, **context):
        sql, params = compiler.compile(*self.get_source_expressions())
        columns = ("person", "manager", "depth")
        table = connection.ops.quote_name(ReportingLine._meta.db_table)
        person, manager, depth = (f"{table}.{_column(connection, name)}" for name in columns)
        nearest = f" AND {depth} = 1" if self.directly else ""
        return f"(SELECT {person} FROM {table} WHERE {manager} = {sql}{nearest})", params


def _column(connection: Any, name: str) -> str:
    return connection.ops.quote_name(ReportingLine._meta.get_field(name).column)
