"""Elasticsearch 8, for sites with audiences."""

from modelsearch.backends.elasticsearch8 import Elasticsearch8SearchBackend

from .server.backend import knowing_audiences

SearchBackend = knowing_audiences(Elasticsearch8SearchBackend)
