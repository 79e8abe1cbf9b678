"""Who reads what in most tests of this room."""

import pytest

from tests.builders import page, person


@pytest.fixture
def ada(db):
    return person("ada")


@pytest.fixture
def news(db):
    return page("News")
