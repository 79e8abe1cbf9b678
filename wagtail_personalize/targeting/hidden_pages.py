"""The one condition that hides pages from a viewer, as a subquery for ``pk__in``.

Written by hand in the shape that every user of a queryset understands: Wagtail's search refuses ``Exists`` and knows
``pk__in``. For each candidate it looks at the stored audience; only a page without a stored row is computed live, from
the subtrees that are closed to the viewer and the aliases of what is in them.
"""

from collections.abc import Collection
from typing import Any

from django.db.models import Expression, F

from .models import EffectiveAudience, PageAudience
from .page_tree import page_model


class HiddenPages(Expression):
    """The key of the candidate itself if it is hidden from somebody who passes only ``visible`` audiences."""

    def __init__(self, visible: Collection[int], key: Any = None) -> None:
        super().__init__(output_field=page_model()._meta.pk)
        self.visible = sorted(visible)
        self.key = key or F("pk")

    def get_source_expressions(self) -> list:
        return [self.key]

    def set_source_expressions(self, expressions: list) -> None:
        (self.key,) = expressions

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple]:
        key, key_params = compiler.compile(self.key)
        quote = connection.ops.quote_name
        names = {
            "key": key,
            "pages": quote(page_model()._meta.db_table),
            "pk": quote(page_model()._meta.pk.column),
            "stored": quote(EffectiveAudience._meta.db_table),
            "chosen": quote(PageAudience._meta.db_table),
            "last": "CONCAT(sh.path, 'ZZZZZZZZ')" if connection.vendor == "mysql" else "sh.path || 'ZZZZZZZZ'",
        }
        closed = "IS NOT NULL"
        if self.visible:
            closed += " AND {audience} NOT IN (" + ", ".join(["%s"] * len(self.visible)) + ")"
        stored = _STORED.format(**names, closed=closed.format(audience="ps.access_id"))
        live = _LIVE.format(**names, closed=closed.format(audience="pc.access_id"))
        params = (*key_params, *self.visible, *key_params, *key_params, *self.visible)
        return f"({stored} UNION ALL {live})", params


_STORED = "SELECT ps.page_id FROM {stored} ps WHERE ps.page_id = {key} AND ps.access_id {closed}"

_LIVE = """
    SELECT pu.{pk} FROM {pages} pu WHERE pu.{pk} = {key}
    AND NOT EXISTS (SELECT 1 FROM {stored} px WHERE px.page_id = {key})
    AND EXISTS (
        SELECT 1 FROM (
            WITH RECURSIVE shut (path) AS (
                SELECT pm.path FROM {pages} pm INNER JOIN {chosen} pc ON pc.translation_key = pm.translation_key
                WHERE pc.access_id {closed}
                UNION
                SELECT pa.path FROM shut sh
                INNER JOIN {pages} po ON po.path BETWEEN sh.path AND {last}
                INNER JOIN {pages} pa ON pa.alias_of_id = po.{pk}
            )
            SELECT path FROM shut
        ) pz WHERE SUBSTR(pu.path, 1, LENGTH(pz.path)) = pz.path
    )"""
