"""Sixty searches over LibreOffice's help in three languages: each finds its page among the first five hits.

An engine joins by an entry in ``FOUND``. The database's own engine, which does not know word forms, finds fewer.
"""

import pytest

from benchmarks import office_help
from benchmarks.office_help_queries import QUERIES
from benchmarks.search_engines import ENGINES, backend, fill, is_found

#: How many find their page when all words are asked for; measured on SQLite.
FOUND = {"whoosh": 60, "database": 51}

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.once,
    pytest.mark.django_db,
    pytest.mark.skipif(not office_help.is_here(), reason="the help pages are not here"),
]


@pytest.mark.parametrize("name", FOUND)
class TestEngine:
    @pytest.fixture
    def engine(self, name, tmp_path):
        office_help.load()
        engine = backend({**ENGINES[name], "PATH": tmp_path})
        fill(engine)
        return engine

    def test_finds_the_page_in_its_language_among_the_first_five(self, engine, name):
        missed = [query for query in QUERIES if not is_found(engine, "and", query)]
        assert len(missed) <= len(QUERIES) - FOUND[name], missed
