"""What goes wrong around a search, on each engine and as people ask: nobody is shown an error, nothing is lost."""

import json
import socket
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests.builders import page, person, segment
from tests.search.engine import configured, update_index
from tests.targeting.restricting import restrict
from wagtail_personalize.search.backends.server.limits import MOST_CLAUSES, TooManyParts
from wagtail_personalize.search.models import PendingDocument

pytestmark = pytest.mark.django_db
NAUGHTY = Path(__file__).parents[3] / "shared/data/blns/blns.json"
ENGINES = ["database", "whoosh", "opensearch3", pytest.param("elasticsearch9", marks=pytest.mark.once)]
ODD = [
    *("*" * 50, "?*~^:", '"', '"""(((', "AND OR NOT", "\\", "a:b^2~", "[* TO *]"),
    *("/.*/", "{{7*7}}", "\x00", "🙂", "%_%", "' OR 1=1 --", 'type="text/javascript">'),
]


@pytest.fixture(params=ENGINES)
def engine(request, settings, tmp_path):
    if request.param == "whoosh":
        return configured(settings, tmp_path)
    return None if request.param == "database" else request.getfixturevalue("on_server")(request.param)


@pytest.fixture
def client():
    client = Client()
    client.force_login(person(department="HR"))
    return client


def nowhere():
    """An address at which nobody answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return "http://{}:{}".format(*free.getsockname())


def move(settings, url):
    """The server goes to another address."""
    settings.WAGTAILSEARCH_BACKENDS = {"default": {**settings.WAGTAILSEARCH_BACKENDS["default"], "URLS": [url]}}


def answer(client, query):
    return client.get("/people/search.json", {"q": query}).json()


def titles(client, query):
    return [one["title"] for one in answer(client, query)["pages"]]


class TestOddQuestions:
    def test_are_answered(self, engine, client):
        page("Parking")
        long = ["parking " * 1250, "x" * 10_000, "park* " * 1600, "a " * 5000]
        for query in (*ODD, *long):
            for asked in ({}, {"HX-Request": "true"}):
                response = client.get("/people/search/", {"q": query}, headers=asked)
                assert (response.status_code, "Search has a break" in response.text) == (200, False), query[:40]

    @pytest.mark.once
    @pytest.mark.skipif(not NAUGHTY.exists(), reason="The list of naughty strings is not here.")
    def test_are_answered_from_the_list_of_naughty_strings(self, engine, client):
        page("Parking")
        for query in json.loads(NAUGHTY.read_text())[::5]:
            found = answer(client, query)
            assert found["available"], query


class TestServerAway:
    @pytest.fixture(params=["opensearch3", pytest.param("elasticsearch9", marks=pytest.mark.once)])
    def home_url(self, request, on_server, search_server, settings):
        on_server(request.param)
        move(settings, nowhere())
        return search_server.url

    def test_the_page_says_so_kindly_and_colleagues_are_found(self, home_url, client):
        person(first_name="Zoë", last_name="Quandt", department="HR")
        text = client.get("/people/search/", {"q": "quandt"}).text
        assert "Search has a break" in text
        assert "Zoë Quandt" in text

    def test_a_page_is_saved_and_found_later(self, home_url, client, settings):
        saved = page("Parking")
        saved.title = "Bicycles"
        saved.save()
        move(settings, home_url)
        call_command("catch_up_search", stdout=StringIO())
        assert (titles(client, "bicycles"), titles(client, "parking")) == (["Bicycles"], [])

    def test_the_next_save_that_reaches_it_brings_the_others(
        self, home_url, client, settings, django_capture_on_commit_callbacks
    ):
        page("Parking")
        move(settings, home_url)
        with django_capture_on_commit_callbacks(execute=True):
            page("Bicycles")
        assert titles(client, "parking") == ["Parking"]

    def test_a_page_that_was_deleted_meanwhile_is_gone(self, home_url, client, settings):
        move(settings, home_url)
        gone = page("Parking")
        move(settings, nowhere())
        gone.delete()
        move(settings, home_url)
        call_command("catch_up_search", stdout=StringIO())
        assert answer(client, "parking")["count"] == 0
        assert not PendingDocument.objects.exists()

    def test_a_restriction_holds_when_it_is_back(self, home_url, client, settings):
        move(settings, home_url)
        secret = page("Parking")
        move(settings, nowhere())
        restrict(secret, segment("Board"))
        move(settings, home_url)
        assert answer(client, "parking")["count"] == 0

    def test_the_command_says_so_and_keeps_what_waits(self, home_url):
        page("Parking")
        with pytest.raises(CommandError, match="does not answer"):
            call_command("catch_up_search", stdout=StringIO())
        assert PendingDocument.objects.exists()


class TestIndexDeleted:
    def test_the_page_says_so_and_all_is_found_after_update_index(self, on_server, client):
        engine = on_server()
        page("Parking")
        for index in engine.all_indexes():
            for real in index.aliased_indices():
                real.delete()
        page("Bicycles")
        assert "Search has a break" in client.get("/people/search/", {"q": "parking"}).text
        update_index()
        assert (titles(client, "parking"), titles(client, "bicycles")) == (["Parking"], ["Bicycles"])


class TestLimits:
    def clauses(self, query, words):
        """How many a server would count: one for each word in each field."""
        return len(words.split()) * len(query.remapped_fields)

    def test_no_question_has_more_clauses_than_a_server_takes(self, on_server):
        from modelsearch.query import Fuzzy, Or, PlainText
        from wagtail.models import Page

        engine = on_server()
        for question in (PlainText("a b " * 2000), Fuzzy("a b " * 2000), Or([PlainText("a b c " * 99)] * 60)):
            results = engine.search(question, Page)
            results.count()
            compiled = results.query_compiler
            leaves = getattr(compiled.query, "subqueries", [compiled.query])
            each = 10 if isinstance(question, Fuzzy) else 1
            assert sum(self.clauses(compiled, leaf.query_string) for leaf in leaves) * each <= MOST_CLAUSES

    def test_one_that_cannot_be_cut_is_refused_with_a_sentence(self, on_server):
        from modelsearch.query import Or, PlainText
        from wagtail.models import Page

        with pytest.raises(TooManyParts, match="2000 parts"):
            on_server().search(Or([PlainText("a")] * 2000), Page)
