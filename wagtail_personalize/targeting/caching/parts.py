"""Asked within the request's one query when an address is known: is it still this page, and is it private?"""

from functools import lru_cache

from django.db import connections, router
from wagtail.models import PageViewRestriction

from wagtail_personalize.segments.state_query import StatePart

from ..models import PageAudience
from ..page_tree import page_model, upwards
from ..path_query import part_at
from .keys import PageState

PAGE = "cached_page"
PRIVATE = "cached_private"


def parts_for(page: PageState) -> list[StatePart]:
    """The gate's question, and the two above."""
    paths = tuple(upwards(page.path))
    using = router.db_for_read(PageAudience)
    return [
        part_at(page.path),
        StatePart(PAGE, _page_sql(using), (page.id, page.path, page.url_path)),
        StatePart(PRIVATE, _private_sql(using, len(paths)), paths),
    ]


@lru_cache(maxsize=16)
def _page_sql(using: str) -> str:
    """The revision that is published, of the page if it is live and still there."""
    quote = connections[using].ops.quote_name
    table, key = quote(page_model()._meta.db_table), quote(page_model()._meta.pk.column)
    return (
        f"SELECT '{PAGE}', COALESCE(cp.live_revision_id, 0) FROM {table} cp"
        f" WHERE cp.{key} = %s AND cp.path = %s AND cp.url_path = %s AND cp.live"
    )


@lru_cache(maxsize=64)
def _private_sql(using: str, paths: int) -> str:
    """Anything on the way to the page that Wagtail restricts, or that may inherit that from elsewhere."""
    quote = connections[using].ops.quote_name
    pages, restrictions = quote(page_model()._meta.db_table), quote(PageViewRestriction._meta.db_table)
    key = quote(page_model()._meta.pk.column)
    return (
        f"SELECT '{PRIVATE}', 1 FROM {pages} pp LEFT JOIN {restrictions} pr ON pr.page_id = pp.{key}"
        f" WHERE pp.path IN ({', '.join(['%s'] * paths)}) AND (pr.id IS NOT NULL OR pp.alias_of_id IS NOT NULL)"
    )
