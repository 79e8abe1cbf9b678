"""Elasticsearch and OpenSearch for sites with audiences: modelsearch's backends, and what they lack.

A page's document has its audience as a keyword, and the one door becomes a filter of the server's own, so that hits,
counts, facets and pages of hits agree. What the server was not told yet is left out (``pending.py``).
"""
