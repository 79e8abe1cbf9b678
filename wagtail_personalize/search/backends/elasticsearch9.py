"""Elasticsearch 9, for sites with audiences."""

from modelsearch.backends.elasticsearch9 import Elasticsearch9SearchBackend

from .server.backend import knowing_audiences

SearchBackend = knowing_audiences(Elasticsearch9SearchBackend)
