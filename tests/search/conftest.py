"""A server for the whole run, with indexes of their own for each test."""

from itertools import count

import pytest
from modelsearch.backends import get_search_backend

from tests.builders import home

from .engine import update_index
from .servers import entry, running

_numbers = count(1)


@pytest.fixture(scope="session")
def search_server():
    with running() as server:
        yield server


@pytest.fixture
def a_site():
    return home()


@pytest.fixture
def on_server(search_server, settings):
    """Makes the server the search of the site; its own backend is given back."""

    def configure(name="opensearch3", **options):
        options = {"INDEX_PREFIX": f"test{next(_numbers)}_", "TIMEOUT": 5, **options}
        settings.WAGTAILSEARCH_BACKENDS = {"default": entry(name, search_server.url, **options)}
        update_index()
        return get_search_backend()

    return configure
