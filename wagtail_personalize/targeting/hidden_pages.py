"""The one condition under which a page is open to a viewer, for ``filter()`` and, negated, for ``exclude()``.

Written by hand in a shape that databases can plan: whether a stored audience stands in the way is an anti-join, so the
first pages of a long listing look up only their own rows, and a listing that sorts the whole site may read all rows at
once. Only a page without a stored row is computed live, from the subtrees that are closed to the viewer and the aliases
of what is in them. It is a lookup, because Wagtail's search understands those, and refuses ``Exists``.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Lookup

from .models import EffectiveAudience, PageAudience
from .page_tree import page_model


@dataclass(frozen=True)
class Passed:
    """The ids of the audiences that somebody passes."""

    audiences: tuple[int, ...]


class IsOpen(Lookup):
    """Whether the page with this key is open to somebody who passes only ``visible`` audiences."""

    lookup_name = "is_open_to"
    prepare_rhs = False

    @classmethod
    def to(cls, visible: Collection[int]) -> "IsOpen":
        """For the pages of a queryset of any page type."""
        return cls(F("pk"), Passed(tuple(sorted(visible))))

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple]:
        key, key_params = self.process_lhs(compiler, connection)
        visible, quote = self.rhs.audiences, connection.ops.quote_name
        closed = "IS NOT NULL"
        if visible:
            closed += " AND {audience} NOT IN (" + ", ".join(["%s"] * len(visible)) + ")"
        names = {
            "key": key,
            "pages": quote(page_model()._meta.db_table),
            "pk": quote(page_model()._meta.pk.column),
            "stored": quote(EffectiveAudience._meta.db_table),
            "chosen": quote(PageAudience._meta.db_table),
            "last": "CONCAT(sh.path, 'ZZZZZZZZ')" if connection.vendor == "mysql" else "sh.path || 'ZZZZZZZZ'",
            "stored_closed": closed.format(audience="ps.access_id"),
            "chosen_closed": closed.format(audience="pc.access_id"),
        }
        shut = _SHUT.format(**names)
        below = (_BELOW_ANY if connection.vendor == "postgresql" else _BELOW).format(shut=shut)
        return _OPEN.format(**names, below_shut=below), (*key_params, *visible, *visible)


_OPEN = """NOT EXISTS (
    SELECT 1 FROM {pages} pu LEFT JOIN {stored} ps ON ps.page_id = pu.{pk}
    WHERE pu.{pk} = {key}
    AND ((ps.access_id {stored_closed}) OR (ps.page_id IS NULL AND {below_shut}))
)"""

#: The subtrees that are closed: where a choice says so, and wherever an alias follows a page in one of them.
_SHUT = """
    WITH RECURSIVE shut (path) AS (
        SELECT pm.path FROM {pages} pm INNER JOIN {chosen} pc ON pc.translation_key = pm.translation_key
        WHERE pc.access_id {chosen_closed}
        UNION
        SELECT pa.path FROM shut sh
        INNER JOIN {pages} po ON po.path BETWEEN sh.path AND {last}
        INNER JOIN {pages} pa ON pa.alias_of_id = po.{pk} AND pa.alias_of_id IS NOT NULL
    )
    SELECT path FROM shut"""

_BELOW = "EXISTS (SELECT 1 FROM ({shut}) pz WHERE SUBSTR(pu.path, 1, LENGTH(pz.path)) = pz.path)"

#: PostgreSQL would count the subtrees into the cost of each row, and compile the whole statement because of that.
_BELOW_ANY = "pu.path ^@ ANY (ARRAY({shut}))"
