"""A search server in memory, which speaks the protocol of OpenSearch; Elasticsearch's clients talk to it as well."""

from contextlib import contextmanager
from importlib.metadata import version

import pytest

BACKENDS = {
    name: f"wagtail_personalize.search.backends.{name}"
    for name in ("opensearch2", "opensearch3", "elasticsearch8", "elasticsearch9")
}


def usable():
    """modelsearch's backend for OpenSearch 2 needs version 2 of the client."""
    return [name for name in BACKENDS if name != "opensearch2" or version("opensearch-py") < "3"]


@contextmanager
def running(**options):
    with pytest.importorskip("osmem_server").OsmemServer.start(**options) as server:
        yield server
    server.process.stdout.close()


def _plain_node():
    """Elasticsearch's client names media types of its own, which a server for OpenSearch refuses."""
    from elastic_transport import Urllib3HttpNode

    class PlainNode(Urllib3HttpNode):
        def perform_request(self, method, target, body=None, headers=None, **more):
            headers = dict(headers or {})
            for name in {"accept", "content-type"} & set(headers):
                is_lines = "ndjson" in headers[name]
                headers[name] = "application/x-ndjson" if is_lines else "application/json"
            return super().perform_request(method, target, body=body, headers=headers, **more)

    return PlainNode


def entry(name, url, **options):
    """What a site would write into ``WAGTAILSEARCH_BACKENDS``, but for two headers."""
    plain = {"OPTIONS": {"node_class": _plain_node(), "max_retries": 0}} if name.startswith("elastic") else {}
    return {"BACKEND": BACKENDS[name], "URLS": [url], **plain, **options}
