"""How long an answer takes tells nothing: whatever is restricted costs the same work as what is missing.

Wall time is noise; the same number of queries of the same kinds, in the same order, is not.
"""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.builders import page, person, segment
from tests.intranet.models import TopicPage
from tests.targeting.restricting import restrict

from .file_ways import _image_address
from .files import collection, document, fetch, image, restrict_files
from .viewers import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.doors.site")]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cache.clear()


@pytest.fixture
def finance():
    return segment("Finance")


@pytest.fixture(params=["anonymous", "signed in"])
def outsider(request):
    return Client() if request.param == "anonymous" else client_of(person(department="HR"))


def work(client, address):
    """What the database is asked: each statement by its verb and the tables it names, in order."""
    fetch(client, address)  # the process learns what it keeps
    with CaptureQueriesContext(connection) as queries:
        fetch(client, address)
    return [_kind(query["sql"]) for query in queries]


def _kind(sql):
    """The tables of page types do not count: which type a page has is read by its key, like the page itself."""
    tables = set(re.findall(r'(?:FROM|JOIN|INTO|UPDATE)\s+["`]?(\w+)', sql))
    return sql.split(None, 1)[0], sorted(table for table in tables if not table.startswith("intranet_"))


class TestWork:
    def test_is_the_same_for_missing_and_restricted_pages(self, finance, outsider):
        section = page("Open")
        page("Beside", parent=section)
        secret = page("Secret", parent=section)
        restrict(secret, finance)
        restricted = work(outsider, secret.url)
        url = secret.url
        secret.delete()
        assert work(outsider, url) == restricted

    def test_is_the_same_on_sub_routes(self, finance, outsider):
        topic = page("Topic", model=TopicPage)
        restrict(topic, finance)
        url = topic.url + "archive/2026/"
        restricted = work(outsider, url)
        topic.delete()
        page("Beside")
        assert work(outsider, url) == restricted

    @pytest.mark.parametrize("make", [document, image])
    def test_is_the_same_for_missing_and_restricted_files(self, finance, outsider, make):
        board = collection()
        restrict_files(board, finance)
        found = make(board)
        address = found.url if make is document else _image_address(found)
        restricted = work(outsider, address)
        found.delete()
        assert work(outsider, address) == restricted

    @pytest.mark.parametrize(
        "address", ["/api/v2/pages/{}/", "/api/v2/pages/?child_of={}", "/api/v2/pages/?search=Secret"]
    )
    def test_is_the_same_in_the_api(self, finance, outsider, address):
        secret = page("Secret", parent=page("Open"))
        restrict(secret, finance)
        address = "/api/v2/pages/" + address.format(secret.pk)
        restricted = work(outsider, address)
        secret.delete()
        assert work(outsider, address) == restricted
