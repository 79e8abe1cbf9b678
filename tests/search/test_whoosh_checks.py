"""The system check of the embedded search engine."""

import pytest
from django.core.checks import run_checks

from tests.search.engine import NAME
from wagtail_personalize.search.backends import checks


def found(settings, **entry):
    settings.WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": NAME, **entry}}
    return [
        problem for problem in run_checks(tags=["personalize_search"]) if problem.id.startswith("personalize_search.")
    ]


@pytest.fixture
def install(monkeypatch):
    return lambda **distributions: monkeypatch.setattr(checks, "_installed", lambda: distributions)


class TestCheck:
    def test_is_content_with_one_that_works(self, settings, tmp_path):
        assert found(settings, PATH=tmp_path) == []

    def test_says_nothing_where_the_backend_is_not_used(self, settings, install):
        install()
        settings.WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
        assert checks.check_whoosh(None) == []

    @pytest.mark.parametrize(
        ("distributions", "problem", "words"),
        [
            ({}, "E001", "not installed"),
            ({"whoosh3": "3.54.0", "Whoosh": "2.7.4"}, "E002", "whoosh3 3.54.0 and Whoosh 2.7.4"),
            ({"Whoosh": "2.7.4"}, "E003", "no release since 2016"),
        ],
    )
    def test_names_what_is_wrong_with_what_is_installed(
        self, settings, tmp_path, install, distributions, problem, words
    ):
        install(**distributions)
        [error] = found(settings, PATH=tmp_path)
        assert error.id == f"personalize_search.{problem}"
        assert words in error.msg

    def test_the_index_needs_a_place(self, settings):
        assert [error.id for error in found(settings)] == ["personalize_search.E004"]

    def test_where_nobody_can_download_it(self, settings, tmp_path):
        settings.MEDIA_ROOT = str(tmp_path)
        assert [error.id for error in found(settings, PATH=tmp_path / "search")] == ["personalize_search.E005"]


class TestServer:
    def test_that_knows_no_audiences_is_named(self, settings):
        settings.WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.opensearch3"}}
        [warning] = checks.check_servers(None)
        assert (warning.id, "backends.opensearch3" in warning.hint) == ("personalize_search.W001", True)

    def test_that_knows_them_is_not(self, settings):
        settings.WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail_personalize.search.backends.opensearch3"}}
        assert checks.check_servers(None) == []
