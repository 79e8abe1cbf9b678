"""Subqueries over our own tables, whose SQL a process makes once.

Making, resolving and compiling a queryset for a few values takes several times as long as counting the people of a
small team, and an editor who writes a rule waits for it with every change. So only the values are new each time.
"""

from typing import Any

from django.db.models import Func, QuerySet

from wagtail_personalize.people.exact import TEXT
from wagtail_personalize.people.models import FoldedValue, TreePath

from .functions import KnownTextIdentity

#: (database, kind of subquery, what else its SQL depends on, number of values) → SQL
_statements: dict[tuple[str, type[Func], str, int], str] = {}
#: A statement for more values than that is made anew.
_FEW = 20


class KeptSubquery(Func):
    """The one column of ``rows()``, to be looked for with ``In``. ``values`` are its parameters in their order."""

    #: What the SQL depends on beside the number of values.
    about = ""

    def __init__(self, *values: str, **extra: Any) -> None:
        super().__init__(**{"output_field": TEXT, **extra})
        self.values = values

    def rows(self) -> QuerySet:
        raise NotImplementedError

    def as_sql(self, compiler, connection, **context):
        key = (connection.alias, type(self), self.about, len(self.values))
        if key in _statements:
            return _statements[key], list(self.values)
        sql, params = self.rows().query.get_compiler(connection=connection).as_sql()
        if len(self.values) <= _FEW and tuple(params) == self.values:
            _statements[key] = f"({sql})"
        return f"({sql})", list(params)


class KnownTexts(KeptSubquery):
    """The ``TextIdentity`` of the texts of an attribute that fold to one of several: its name, then their hashes."""

    def rows(self) -> QuerySet:
        attribute, *hashes = self.values
        known = FoldedValue.objects.filter(attribute=attribute, folded_hash__in=hashes)
        return known.order_by().values_list(KnownTextIdentity())


class NodesBelow(KeptSubquery):
    """The nodes of a tree that are, or are below, one of several: their keys, then the name of the tree."""

    def __init__(self, *values: str, descendant: Any, **extra: Any) -> None:
        super().__init__(*values, **extra)
        self.descendant, self.about = descendant, values[-1]

    def rows(self) -> QuerySet:
        *ancestors, tree = self.values
        below = TreePath.objects.filter(ancestor__in=ancestors, tree=tree)
        return below.order_by().values_list(self.descendant)
