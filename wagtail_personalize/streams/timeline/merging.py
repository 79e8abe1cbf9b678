"""The newest places in the streams of many sources, without reading more of them than that.

First the *head* of every source is asked for: its newest place below a limit that the viewer may see. As many different
heads as places are wanted leave all sources behind whose head is older: whatever those have is older still. Of the few
sources that are left, each gives as many places as are wanted. Both steps are answered from one index, so the costs
grow with the number of sources and of places, never with the number of items; also for sources that have gone quiet,
where ``IN … ORDER BY … LIMIT`` reads everything.

Written by hand, because the database must be told how, and compiling costs more than running. What the viewer may see
are ids that we made ourselves, so they are written as numbers: there may be more of them than a statement may have
parameters.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections, router
from django.db.models import QuerySet

from wagtail_personalize.people.batches import batches
from wagtail_personalize.targeting.page_tree import page_model, range_of, topmost

from .keys import END
from .models import TimelineItem

#: One statement asks so many sources at most, far below any database's limit of parts of a ``UNION``.
_SOURCES_AT_ONCE = 200


@dataclass(frozen=True)
class Shut:
    """What a viewer may not see: all but these audiences, and the subtrees that Wagtail's own privacy closes."""

    audiences: Collection[int]
    paths: Sequence[str] = ()


def newest(
    sources: QuerySet, shut: Shut, before: int, number: int, wanted: int | None = None
) -> tuple[list[int], list[int]]:
    """So many places below ``before``, the newest first, and the ids of all sources that have one of them.

    ``wanted`` is the one format to look for, which has an index of its own.
    """
    heads = _Statements(shut, before, wanted).heads(sources)
    greatest = nlargest(number, {head for _source, head in heads})
    limit = greatest[-1] if len(greatest) == number else 0
    reaching = [source for source, head in heads if head >= limit]
    found: set[int] = set()
    for some in batches(reaching, _SOURCES_AT_ONCE):
        found.update(_Statements(shut, before, wanted).tails(some, limit, number))
    return nlargest(number, found), reaching


def newest_of_one(source: QuerySet, shut: Shut, before: int, number: int) -> list[int]:
    """The same of one source, a queryset of its id. One statement."""
    return nlargest(number, _Statements(shut, before).of(source, number))


def newest_of_each(source_ids: Sequence[int], shut: Shut, number: int) -> dict[int, list[int]]:
    """By source: so many of its own newest places, the newest first. One statement for 200 sources."""
    found: dict[int, list[int]] = {}
    for some in batches(source_ids, _SOURCES_AT_ONCE):
        for source, place in _Statements(shut, END).each(some, number):
            found.setdefault(source, []).append(place)
    return {source: sorted(places, reverse=True) for source, places in found.items()}


class _Statements:
    """The two statements on the database that is read."""

    def __init__(self, shut: Shut, before: int, wanted: int | None = None) -> None:
        self.connection = connections[router.db_for_read(TimelineItem)]
        quote = self.connection.ops.quote_name
        self.item, self.key = quote(TimelineItem._meta.db_table), f"i.{quote('key')}"
        seen = ", ".join(str(int(audience)) for audience in sorted(shut.audiences))
        closed, self.paths = _below(shut.paths)
        pages, pk = quote(page_model()._meta.db_table), quote(page_model()._meta.pk.column)
        self.open = f"{self.key} < {int(before)} AND i.audience IN ({seen})"
        if wanted is not None:
            self.open = f"i.{quote('format')} = {int(wanted)} AND {self.open}"
        if closed:
            self.open += f" AND NOT EXISTS (SELECT 1 FROM {pages} p WHERE p.{pk} = i.page_id AND ({closed}))"

    def heads(self, sources: QuerySet) -> list[tuple[int, int]]:
        """``(source, place)`` of the sources, a queryset of ids, that have anything to show."""
        try:
            mine, params = sources.order_by().query.get_compiler(self.connection.alias).as_sql()
        except EmptyResultSet:
            return []
        statement = f"""
            WITH mine (id) AS ({mine})
            SELECT mine.id, (
                SELECT {self.key} FROM {self.item} i WHERE i.source_id = mine.id AND {self.open}
                ORDER BY {self.key} DESC LIMIT 1
            ) FROM mine"""
        return [(source, head) for source, head in self._ask(statement, [*params, *self.paths]) if head is not None]

    def tails(self, source_ids: list[int], limit: int, number: int) -> Iterable[int]:
        """So many places of each source at most, none of them below ``limit``; some more than once."""
        one = f"""
            SELECT DISTINCT {self.key} AS place FROM {self.item} i
            WHERE i.source_id = {{source}} AND {self.open} AND {self.key} >= {int(limit)}
            ORDER BY {self.key} DESC LIMIT {int(number)}"""
        if self.connection.vendor == "postgresql":  # which plans every part of a UNION by itself
            statement = f"SELECT t.place FROM unnest(%s::bigint[]) s (id) CROSS JOIN LATERAL ({one}) t"
            return self._places(statement.format(source="s.id"), [source_ids, *self.paths])
        parts = " UNION ALL ".join([f"SELECT place FROM ({one}) t".format(source="%s")] * len(source_ids))
        return self._places(parts, [value for source in source_ids for value in (source, *self.paths)])

    def of(self, source: QuerySet, number: int) -> Iterable[int]:
        """So many places of one source."""
        its_id, params = source.order_by().query.get_compiler(self.connection.alias).as_sql()
        statement = f"""
            SELECT DISTINCT {self.key} AS place FROM {self.item} i WHERE i.source_id = ({its_id}) AND {self.open}
            ORDER BY place DESC LIMIT {int(number)}"""
        return self._places(statement, [*params, *self.paths])

    def each(self, source_ids: list[int], number: int) -> list[tuple[int, int]]:
        """``(source, place)``: so many places of each source at most."""
        one = f"""
            SELECT DISTINCT {self.key} AS place FROM {self.item} i WHERE i.source_id = {{source}} AND {self.open}
            ORDER BY {self.key} DESC LIMIT {int(number)}"""
        if self.connection.vendor == "postgresql":
            statement = f"SELECT s.id, t.place FROM unnest(%s::bigint[]) s (id) CROSS JOIN LATERAL ({one}) t"
            return self._ask(statement.format(source="s.id"), [source_ids, *self.paths])
        parts = [f"SELECT {int(source)}, place FROM ({one}) t".format(source=int(source)) for source in source_ids]
        return self._ask(" UNION ALL ".join(parts), [*self.paths] * len(parts))

    def _places(self, statement: str, params: Sequence[Any]) -> Iterable[int]:
        return (place for (place,) in self._ask(statement, params))

    def _ask(self, statement: str, params: Sequence[Any]) -> list[tuple]:
        with self.connection.cursor() as cursor:
            cursor.execute(statement, params)
            return cursor.fetchall()


def _below(paths: Sequence[str]) -> tuple[str, list[str]]:
    """The condition that a page ``p`` is at or below any of these paths, empty for none, and its parameters."""
    parts, params = [], []
    for lower, upper in map(range_of, topmost(paths)):
        parts.append("(p.path >= %s AND p.path < %s)" if upper else "p.path >= %s")
        params += [lower, upper] if upper else [lower]
    return " OR ".join(parts), params
