"""OpenSearch 2, for sites with audiences."""

from modelsearch.backends.opensearch2 import OpenSearch2SearchBackend

from .server.backend import knowing_audiences

SearchBackend = knowing_audiences(OpenSearch2SearchBackend)
