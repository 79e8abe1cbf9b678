"""Whom and what most tests of this room are about."""

import pytest

from tests.builders import page

from .commenting import colleague


@pytest.fixture
def ada(db):
    return colleague("Ada", "Byron")


@pytest.fixture
def bob(db):
    return colleague("Bob", "Stone")


@pytest.fixture
def news(db):
    return page("News", slug="news")
