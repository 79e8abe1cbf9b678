"""OpenSearch 3, for sites with audiences."""

from modelsearch.backends.opensearch3 import OpenSearch3SearchBackend

from .server.backend import knowing_audiences

SearchBackend = knowing_audiences(OpenSearch3SearchBackend)
