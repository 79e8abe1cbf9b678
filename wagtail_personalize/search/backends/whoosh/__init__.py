"""An embedded search engine: full-text search without a search server, and without the database's own.

    WAGTAILSEARCH_BACKENDS = {
        "default": {"BACKEND": "wagtail_personalize.search.backends.whoosh", "PATH": BASE_DIR / "search"}
    }

The index knows words, the database knows everything else. Whoosh finds and ranks what matches the text; filters, order
and facets are asked of the queryset itself, narrowed to those hits. So every filter Django understands works, and what
a filter excludes is neither a hit nor counted, even if the index is older than the database.
"""

from .backend import WhooshSearchBackend

SearchBackend = WhooshSearchBackend

__all__ = ["SearchBackend", "WhooshSearchBackend"]
