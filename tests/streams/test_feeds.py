"""Feeds by a private address."""

from xml.etree import ElementTree

import pytest
from django.core.signing import Signer
from django.test import Client

from tests.builders import person, segment
from tests.streams.test_hashtag_page import signed_in, tagged
from tests.targeting.restricting import restrict
from wagtail_personalize.streams.feed_address import token_of
from wagtail_personalize.streams.models import FeedAddress

pytestmark = pytest.mark.django_db


def feed(token, kind="rss", key="news"):
    return Client().get(f"/people/hashtags/{key}/{kind}/{token}/")


class TestFeed:
    @pytest.mark.parametrize(("kind", "item"), [("rss", ".//item"), ("atom", ".//{http://www.w3.org/2005/Atom}entry")])
    def test_has_the_pages_of_the_hashtag(self, kind, item):
        tagged("A & <b>b</b> #news")
        response = feed(token_of(person()), kind)
        assert len(ElementTree.fromstring(response.content).findall(item)) == 1
        assert response["Cache-Control"].count("private") == 1
        assert kind in response["Content-Type"]

    def test_shows_what_its_owner_may_see(self):
        tagged("Open #news")
        restrict(tagged("Closed #news"), segment("Finance"))
        assert "Closed" in feed(token_of(person(department="Finance"))).content.decode()
        assert "Closed" not in feed(token_of(person(department="HR"))).content.decode()

    def test_of_a_hidden_hashtag_is_missing(self):
        restrict(tagged("Closed #secret"), segment("Finance"))
        assert feed(token_of(person(department="HR")), key="secret").status_code == 404

    def test_asks_for_a_known_kind(self):
        tagged("#news")
        assert feed(token_of(person()), "exe").status_code == 404


class TestToken:
    def test_that_is_wrong_opens_nothing(self):
        tagged("#news")
        someone = person()
        token = token_of(someone)
        number = FeedAddress.objects.get().number
        for wrong in ("x", number, token[:-1], Signer().sign(number), f"{token}x"):
            assert feed(wrong).status_code == 404

    def test_of_who_left_opens_nothing(self):
        tagged("#news")
        someone = person()
        token = token_of(someone)
        someone.is_active = False
        someone.save()
        assert feed(token).status_code == 404

    def test_can_be_made_and_made_invalid_by_its_owner(self):
        tagged("#news")
        someone = person()
        client = signed_in(someone)
        address, here = "/people/me/feed-address/", "/people/hashtags/news/"
        assert "/rss/" not in client.get(here).content.decode()
        assert client.get(address).status_code == 405
        assert client.post(address, {"do": "make", "next": here})["Location"] == here
        assert "/rss/" in client.get(here).content.decode()
        assert "private address" in client.get("/people/me/recorded/").content.decode()
        token = token_of(someone)
        revoked = client.post(address, {"do": "revoke", "next": "https://evil.example/"})
        assert revoked["Location"] == "/people/me/recorded/"
        assert feed(token).status_code == 404
        assert feed(token_of(someone)).status_code == 200
