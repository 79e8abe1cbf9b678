"""People decide themselves whether they are counted, and see what is."""

import pytest
from django.test import Client

from tests.builders import page
from wagtail_personalize.engagement.models import Objection
from wagtail_personalize.privacy.recorded import claimed_models

from .beaconing import Browser
from .counting import events

pytestmark = pytest.mark.django_db

ADDRESS = "/people/me/measurement/"


@pytest.fixture
def ada(client, ada):
    client.force_login(ada)
    return ada


def choose(client, do):
    return client.post(ADDRESS, {"do": do}, follow=True)


class TestMeasurementPage:
    def test_says_what_is_counted_and_of_how_many(self, client, ada):
        text = client.get(ADDRESS).content.decode()
        assert "Do not count me" in text
        assert "at least 5 people" in text

    def test_leaves_out_who_objects_until_they_take_it_back(self, client, ada):
        browser = Browser(ada, page("News"))
        assert "From now on you are not counted." in choose(client, "object").content.decode()
        browser.send()
        assert not events()
        assert "You are not counted since" in client.get(ADDRESS).content.decode()
        assert "Do not count me" in choose(client, "undo").content.decode()
        browser.send()
        assert events()

    def test_changes_nothing_by_get(self, client, ada):
        client.get(ADDRESS, {"do": "object"})
        assert not Objection.objects.exists()

    def test_needs_a_csrf_token(self, ada):
        client = Client(enforce_csrf_checks=True)
        client.force_login(ada)
        assert client.post(ADDRESS, {"do": "object"}).status_code == 403

    def test_knows_nothing_but_objecting_and_taking_it_back(self, client, ada):
        choose(client, "x")
        assert not Objection.objects.exists()

    @pytest.mark.parametrize("header", ["DNT", "Sec-GPC"])
    def test_says_that_the_browser_refuses(self, client, ada, header):
        text = client.get(ADDRESS, headers={header: "1"}).content.decode()
        assert "Your browser asks not to be tracked" in text

    def test_is_for_people_who_are_signed_in(self, client):
        assert client.get(ADDRESS).status_code == 302

    def test_stands_in_what_is_recorded(self, client, ada):
        assert ADDRESS in client.get("/people/me/recorded/").content.decode()
        choose(client, "object")
        assert "That you do not want to be counted" in client.get("/people/me/recorded/").content.decode()
        assert "personalize_engagement.objection" in claimed_models()
