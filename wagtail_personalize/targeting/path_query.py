"""The audiences that stand on the way to one page, read live in one hand-written statement.

From the page it climbs to the root, and wherever an alias is on the way it goes on from the source of the alias. The
text is kept per shape: compiling it with the ORM for every request would cost more than running it.
"""

from functools import lru_cache

from django.db import connections, router
from django.db.models import Model

from wagtail_personalize.segments.state_query import StatePart, ask

from .models import PageAudience
from .page_tree import page_model, upwards

GATE = "gate"


def part_for(page: Model) -> StatePart:
    """The question of the gate, to be put into the request's one query. Trusts the path of a page just routed."""
    return part_at(page.path)


def part_at(path: str) -> StatePart:
    """The same for a page at this path of the tree."""
    return _part(router.db_for_read(PageAudience), path)


@lru_cache(maxsize=1024)
def _part(using: str, path: str) -> StatePart:
    paths = tuple(upwards(path))
    return StatePart(GATE, _statement(using, len(paths)), paths)


def access_audiences(page_id: int) -> tuple[int, ...]:
    """The ids of all audiences that must let somebody pass to this page, wherever it now is in the tree."""
    part = StatePart(GATE, _statement(router.db_for_read(PageAudience), 0), (page_id,))
    return ask(None, [part], own=False)[GATE]


@lru_cache(maxsize=256)
def _statement(using: str, known_paths: int) -> str:
    """Starts from so many paths, or with 0 from a page's id and climbs from there."""
    quote = connections[using].ops.quote_name
    pages, audiences = quote(page_model()._meta.db_table), quote(PageAudience._meta.db_table)
    key = quote(page_model()._meta.pk.column)
    start = f"a.path IN ({', '.join(['%s'] * known_paths)})" if known_paths else f"a.{key} = %s"
    return f"""
        SELECT '{GATE}', way.audience FROM (
            WITH RECURSIVE reached (translation_key, alias_of_id, path, climbs) AS (
                SELECT a.translation_key, a.alias_of_id, a.path, {int(not known_paths)} FROM {pages} a WHERE {start}
                UNION
                SELECT b.translation_key, b.alias_of_id, b.path, 1 FROM reached r INNER JOIN {pages} b
                ON b.{key} = r.alias_of_id
                OR (r.climbs = 1 AND b.path = SUBSTR(r.path, 1, LENGTH(r.path) - {page_model().steplen}))
            )
            SELECT p.access_id AS audience FROM reached INNER JOIN {audiences} p
            ON p.translation_key = reached.translation_key WHERE p.access_id IS NOT NULL
        ) way"""
