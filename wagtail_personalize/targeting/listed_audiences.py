"""The audiences of many pages at once, for listings in the admin.

What a page has in all stands stored beside it. A page that is new has nothing stored yet: then what it has is its own
choice and what the page above it has.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Exists, JSONField, OuterRef, Q, QuerySet, Subquery

from .audience_choice import AudienceChoice
from .clauses import Clauses, read
from .models import Audience, EffectiveAudience, PageAudience
from .page_tree import page_model, upwards
from .wording import SegmentNames


@dataclass(frozen=True)
class ListedAudience:
    """For a cell of a table: in words, empty where there is nothing."""

    restricted_to: str = ""
    recommended_to: str = ""
    #: Whether the restriction comes only from elsewhere: the pages above, or the source of an alias.
    restriction_inherited: bool = False
    recommendation_inherited: bool = False


class _Row(NamedTuple):
    pk: int
    path: str
    known: bool
    access: Clauses
    recommendation: Clauses
    own_access: Clauses
    own_recommendation: Clauses


def listed_audiences(pages: Iterable[Any]) -> dict[int, ListedAudience]:
    """By the page's key; two queries however many pages and segments there are."""
    pages = {page.pk: page for page in pages}
    rows = {row.path: row for row in _rows({path for page in pages.values() for path in upwards(page.path)})}
    found = {pk: (rows[page.path], *_in_all(page.path, rows)) for pk, page in pages.items() if page.path in rows}
    named = {uuid for _row, *both in found.values() for clauses in both for c in clauses for uuid in c.segment_uuids}
    names = SegmentNames(named) if named else None
    return {
        pk: ListedAudience(
            _words(access, names),
            _words(recommendation, names),
            bool(access) and not row.own_access,
            bool(recommendation) and not row.own_recommendation,
        )
        for pk, (row, access, recommendation) in found.items()
    }


def with_audience(pages: QuerySet, kind: str) -> QuerySet:
    """The pages that are ``restricted``, ``recommended`` or for ``everyone``."""
    fields = {"restricted": ["access"], "recommended": ["recommendation"], "everyone": ["access", "recommendation"]}
    chosen = Q(pk__in=[])
    for field in fields.get(kind, []):
        chosen |= Q(**{f"{field}__isnull": False})
    return _among(pages, ~_having(chosen) if kind == "everyone" else _having(chosen))


def pages_naming(pages: QuerySet, uuids: Collection[str]) -> QuerySet:
    """The pages of whose audience, own or inherited, one of these segments is part."""
    rows = Audience.objects.values_list("pk", "clauses")
    naming = [pk for pk, written in rows if any(not c.segment_uuids.isdisjoint(uuids) for c in read(written))]
    return _among(pages, _having(Q(access__in=naming) | Q(recommendation__in=naming)))


def _having(chosen: Q) -> Q:
    """Pages with such an audience, inherited or their own."""
    stored, own = EffectiveAudience.objects.filter(chosen), PageAudience.objects.filter(chosen)
    return Q(pk__in=stored.values("page")) | Q(translation_key__in=own.values("translation_key"))


def _among(pages: QuerySet, where: Q) -> QuerySet:
    """By one field that every search engine can filter by: what is listed may be searched as well.

    For a page type the key would be that of its parent link, which an engine outside the database leaves out.
    """
    field = "pk" if pages.model is page_model() else "path"
    return pages.filter(**{f"{field}__in": page_model()._base_manager.filter(where).order_by().values(field)})


def _rows(paths: Collection[str]) -> Iterable[_Row]:
    stored = EffectiveAudience.objects.filter(page_id=OuterRef("pk"))
    own = PageAudience.objects.filter(translation_key=OuterRef("translation_key"))
    columns = [
        Subquery(rows.values(f"{name}__clauses")[:1], output_field=JSONField())
        for rows in (stored, own)
        for name in ("access", "recommendation")
    ]
    pages = page_model()._base_manager.filter(path__in=paths).order_by()
    for pk, path, known, *clauses in pages.values_list("pk", "path", Exists(stored), *columns):
        yield _Row(pk, path, bool(known), *map(_read, clauses))


def _read(written: Any) -> Clauses:
    if isinstance(written, str):
        written = json.loads(written)
    return read(written or ())


def _in_all(path: str, rows: dict[str, _Row]) -> tuple[Clauses, Clauses]:
    access: Clauses = frozenset()
    recommendation: Clauses = frozenset()
    for above in upwards(path):
        row = rows.get(above)
        if row is None:
            continue
        if row.known:
            return access | row.access, recommendation | row.recommendation
        access, recommendation = access | row.own_access, recommendation | row.own_recommendation
    return access, recommendation


def _words(clauses: Clauses, names: SegmentNames | None) -> str:
    said = (names.describe(AudienceChoice(c.include, c.exclude)) for c in clauses)
    return "; ".join(sorted(said))
