"""A search server for benchmarks: ``osmem-server``, in memory, where it is installed."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def running() -> Iterator[str]:
    """Yields its address."""
    from osmem_server import OsmemServer

    with OsmemServer.start() as server:
        yield server.url
