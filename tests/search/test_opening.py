"""That somebody opened a result of a search is told without saying who, and leads nowhere else."""

import re

import pytest
from django.test import Client

from tests.builders import page, person, segment
from tests.doors.files import collection, document, restrict_files
from tests.targeting.restricting import restrict
from wagtail_personalize.hookspecs import recorded

from .committed import on_the_database

pytestmark = on_the_database


@pytest.fixture
def told():
    heard = []

    def listen(kind, obj, **kwargs):
        heard.append((kind, obj.words)) if kind == "search_opened" else None

    recorded.connect(listen)
    yield heard
    recorded.disconnect(listen)


def signed_in(department="HR"):
    client = Client()
    client.force_login(person(department=department))
    return client


def links(client, query, **headers):
    text = client.get("/people/search/", {"q": query}, headers=headers).text
    return re.findall(r'wp-search__title"><a href="([^"]+)"', text)


class TestResult:
    def test_that_is_opened_is_told_with_the_words_of_the_search(self, told):
        client, found = signed_in(), page("Parking")
        [link] = links(client, "parking")
        response = client.get(link)
        assert (response.status_code, response.url, told) == (
            302,
            f"{found.url}?via=search",
            [("search_opened", "parking")],
        )

    def test_may_be_a_document(self, told, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        client, found = signed_in(), document(collection())
        [link] = links(client, found.title)
        assert (client.get(link).url, len(told)) == (found.url, 1)

    def test_while_typing_is_not_told_as_no_search_was(self, told):
        client, found = signed_in(), page("Parking")
        assert links(client, "park", **{"HX-Request": "true"}) == [f"{found.url}?via=search"]

    def test_of_visitors_is_not_told(self, told):
        found = page("Parking")
        assert links(Client(), "parking") == [f"{found.url}?via=search"]


class TestAddress:
    @pytest.mark.parametrize("token", ["", "forged", "a:b:c", "x" * 5000])
    def test_with_a_forged_token_leads_there_and_tells_nothing(self, told, token):
        found = page("Parking")
        response = signed_in().get(f"/people/search/open/page/{found.pk}/", {"search": token})
        assert (response.url, told) == (f"{found.url}?via=search", [])

    def test_of_somebody_else_tells_nothing(self, told):
        page("Parking")
        [link] = links(signed_in(), "parking")
        signed_in().get(link)
        assert told == []

    def test_leads_to_nothing_that_the_reader_may_not_open(self, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        secret, board = page("Parking"), collection()
        restrict(secret, segment("Board"))
        restrict_files(board, segment("Bosses"))
        file = document(board)
        for path in (
            f"page/{secret.pk}",
            f"document/{file.pk}",
            "page/999999",
            "page/x",
            "document/x",
            f"page/{'9' * 30}",
        ):
            assert signed_in().get(f"/people/search/open/{path}/").status_code == 404, path
