"""The doors of hashtags × every kind of viewer × every place of a restriction."""

import pytest
from django.contrib.auth import get_user
from django.template import engines
from django.test import RequestFactory
from wagtail.models import Page

from tests.builders import page as a_page
from tests.builders import user
from wagtail_personalize.streams.feed_address import token_of
from wagtail_personalize.streams.hashtag_uses import read
from wagtail_personalize.streams.models import Hashtag

from .restrictions import RESTRICTIONS, shut
from .test_matrix import walk
from .viewers import all_viewers
from .ways import Door, asking, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.doors.site")]

#: Only in the page that is restricted.
SECRET = "Zorgvuldigheid"
OPEN = "openbaar"


def _as(client):
    request = RequestFactory().get("/")
    request.session = client.session
    request.user = get_user(request)
    return request


def _template(source):
    def ask(client, page):
        shown = engines["django"].from_string("{% load personalize_tags %}" + source)
        return shown.render({"open": Page.objects.get(slug="the-open-page"), "page": page}, _as(client))

    return ask


def _feed(client, page):
    someone = _as(client).user
    if not someone.is_authenticated:
        return ""
    token = token_of(someone)
    return "".join(text_of(client.get(f"/people/hashtags/{tag}/rss/{token}/")) for tag in (OPEN, SECRET.lower()))


def _page_of_the_secret(client, page):
    """What counts is whether there is such a page: the hashtag that was asked for comes back in a redirect."""
    return SECRET if client.get(f"/people/hashtags/{SECRET.lower()}/").status_code == 200 else ""


DOORS = [
    Door("hashtag page", _page_of_the_secret),
    Door("stream of another hashtag", asking(f"/people/hashtags/{OPEN}/")),
    Door("autocomplete of hashtags", asking("/people/hashtags/?q=zorg")),
    Door("feed", _feed),
    Door("hashtags of a page", _template("{% page_hashtags page as tags %}{{ tags|join:' ' }}")),
    Door("related pages", _template("{% related_by_hashtags open as pages %}{{ pages|join:' ' }}")),
    Door("trending", _template("{% trending_hashtags as tags %}{{ tags|join:' ' }}")),
]


@pytest.mark.parametrize("restricted", RESTRICTIONS, ids=lambda restriction: restriction.__name__)
class TestDoors:
    def test_are_shut_for_all_but_members(self, restricted):
        page = shut(restricted)
        prepare(page)
        people = all_viewers()
        told = walk(DOORS, people, lambda door, client: tells_of(page, door.ask(client, page)))
        assert told == {(door.name, "a member") for door in DOORS}


def prepare(page):
    """Two hashtags on the restricted page, one of them also on an open one; enough people below it for a trend."""
    Page.objects.filter(pk=page.pk).update(title=f"{page.title} #{SECRET} #{OPEN}")
    page = page.specific_class.objects.get(pk=page.pk)
    below = [a_page(f"#{SECRET} {number}", slug=f"below-{number}", parent=page, owner=user()) for number in range(3)]
    read([page, *below, a_page(f"Open #{OPEN}", slug="the-open-page")])
    Hashtag.objects.update(reviewed=True)


def tells_of(page, answer):
    return SECRET in answer or page.url in answer
