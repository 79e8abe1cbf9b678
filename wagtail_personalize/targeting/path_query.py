"""The audiences that stand on the way to one page, read live in one hand-written statement.

From the page it climbs to the root, and wherever an alias is on the way it goes on from the source of the alias. The
text is kept per shape: compiling it with the ORM for every request would cost more than running it. Climbing is
recursive, and on SQLite preparing that for each request cost more than all the rest; so for a page that is no alias the
first question is only what stands at its own ancestors, and whether one of those is an alias. See
``docs/decisions/0006-climb-only-from-an-alias.md``.
"""

from functools import lru_cache

from django.db import connections, router
from django.db.models import Model

from wagtail_personalize.segments.state_query import StatePart, ask
from wagtail_personalize.segments.viewer import Viewer

from .models import PageAudience
from .page_tree import page_model, upwards

GATE = "gate"
CLIMB = "gate_climb"
ALIAS = "gate_alias"

#: Where climbing was necessary. It only says which question to begin with: climbing is right for every page.
_below_aliases: set[str] = set()
MOST_REMEMBERED = 10_000


def audiences_before(viewer: Viewer, page: Model) -> tuple[int, ...]:
    """The ids of the audiences on the way to ``page``, which was just routed: its path is trusted.

    They are asked for in the request's one query.
    A second is made the first time that this process sees an ordinary page below an alias.
    """
    if page.alias_of_id is None and page.path not in _below_aliases:
        viewer.load(part_at(page.path))
        if not viewer.found(ALIAS):
            return viewer.answer(GATE)
        _remember_below_alias(page.path)
    viewer.load(_climb(router.db_for_read(PageAudience), page.path))
    return viewer.answer(CLIMB)


def was_refused(viewer: Viewer) -> bool:
    """Whether the gate found an audience, so that it may have refused a page in this request."""
    return viewer.found(GATE) or viewer.found(CLIMB)


def _remember_below_alias(path: str) -> None:
    if len(_below_aliases) >= MOST_REMEMBERED:
        _below_aliases.clear()
    _below_aliases.add(path)


def part_at(path: str) -> StatePart:
    """What stands at this path and above, to be put into the request's one query; ``ALIAS`` where that is not all."""
    return _near(router.db_for_read(PageAudience), path)


@lru_cache(maxsize=1024)
def _near(using: str, path: str) -> StatePart:
    paths = tuple(upwards(path))
    return StatePart(GATE, _near_statement(using, len(paths)), paths)


@lru_cache(maxsize=1024)
def _climb(using: str, path: str) -> StatePart:
    paths = tuple(upwards(path))
    return StatePart(CLIMB, _statement(using, len(paths), CLIMB), paths)


def access_audiences(page_id: int) -> tuple[int, ...]:
    """The ids of all audiences that must let somebody pass to this page, wherever it now is in the tree."""
    part = StatePart(GATE, _statement(router.db_for_read(PageAudience), 0, GATE), (page_id,))
    return ask(None, [part], own=False)[GATE]


@lru_cache(maxsize=64)
def _near_statement(using: str, paths: int) -> str:
    quote = connections[using].ops.quote_name
    pages, audiences = quote(page_model()._meta.db_table), quote(PageAudience._meta.db_table)
    return (
        f"SELECT CASE WHEN a.alias_of_id IS NULL THEN '{GATE}' ELSE '{ALIAS}' END, COALESCE(p.access_id, 0)"
        f" FROM {pages} a LEFT JOIN {audiences} p ON p.translation_key = a.translation_key"
        f" WHERE a.path IN ({', '.join(['%s'] * paths)}) AND (p.access_id IS NOT NULL OR a.alias_of_id IS NOT NULL)"
    )


@lru_cache(maxsize=256)
def _statement(using: str, known_paths: int, name: str) -> str:
    """Starts from so many paths, or with 0 from a page's id and climbs from there."""
    quote = connections[using].ops.quote_name
    pages, audiences = quote(page_model()._meta.db_table), quote(PageAudience._meta.db_table)
    key = quote(page_model()._meta.pk.column)
    start = f"a.path IN ({', '.join(['%s'] * known_paths)})" if known_paths else f"a.{key} = %s"
    return f"""
        SELECT '{name}', way.audience FROM (
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
