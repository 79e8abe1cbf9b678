"""The doors of subscriptions × every kind of viewer × every place of a restriction.

Everybody followed the page and its hashtag while they could; and a rule still subscribes them.
"""

import pytest
from django.template import engines
from django.urls import reverse
from wagtail.models import Page

from tests.builders import segment
from wagtail_personalize.streams.automatic.applying import apply
from wagtail_personalize.streams.automatic.models import Mode, SubscriptionRule
from wagtail_personalize.streams.models import Hashtag, Shortcut, Source
from wagtail_personalize.streams.sources.finding import name_of, source_for
from wagtail_personalize.streams.subscribing.choosing import choose
from wagtail_personalize.streams.subscribing.shortcuts import add_shortcut

from .restrictions import RESTRICTIONS, shut
from .test_hashtags import SECRET, _as, prepare, tells_of
from .test_matrix import walk
from .viewers import all_viewers
from .ways import Door, asking, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.doors.site")]


def _following(obj):
    """What counts is whether there is such a source: an address that was asked for comes back in a redirect."""

    def ask(client, page):
        found = page if obj == "page" else Hashtag.objects.get(key=SECRET.lower())
        address = reverse("wagtail_personalize:follow", args=name_of(found))
        answer = client.post(address, {"level": "3", "next": "/"}, headers={"HX-Request": "true"})
        return SECRET if answer.status_code == 200 else ""

    return ask


def _shortcut(client, page):
    kind, key = name_of(page)
    sent = {"do": "add", "kind": kind, "key": key}
    return text_of(client.post("/people/me/shortcuts/", sent, headers={"HX-Request": "true"}))


def _template(source):
    def ask(client, page):
        template = engines["django"].from_string("{% load personalize_tags %}" + source)
        return template.render({"page": page}, _as(client))

    return ask


DOORS = [
    Door("following a page", _following("page")),
    Door("following a hashtag", _following("hashtag")),
    Door("my subscriptions", asking("/people/me/subscriptions/")),
    Door("history of my subscriptions", asking("/people/me/subscriptions/history/")),
    Door("catalogue of pages", asking("/people/sources/?kind=page&q=zorg")),
    Door("catalogue of hashtags", asking("/people/sources/?kind=hashtag")),
    Door("search of hashtags to follow", asking("/people/sources/?kind=hashtag&q=zorg")),
    Door("putting a shortcut", _shortcut),
    Door("shortcuts on the start page", _template("{% my_shortcuts %}")),
    Door("news of favourites", _template("{% my_favourites %}")),
    Door("button on a page", _template("{% follow_button page %}")),
    Door("what is recorded about me", asking("/people/me/recorded/")),
]


#: The first on every database; how the others come about is tested with the doors of pages.
PLACES = [RESTRICTIONS[0], *(pytest.param(each, marks=pytest.mark.once) for each in RESTRICTIONS[1:])]


@pytest.mark.parametrize("restricted", PLACES, ids=lambda restriction: restriction.__name__)
class TestDoors:
    def test_are_shut_for_all_but_members(self, restricted):
        page = shut(restricted)
        prepare(page)
        page = Page.objects.get(pk=page.pk)
        people = all_viewers()
        subscribe(page, people.values())
        told = walk(DOORS, people, lambda door, client: tells_of(page, door.ask(client, page)))
        assert told == {(door.name, "a member") for door in DOORS}


@pytest.mark.parametrize("restricted", RESTRICTIONS[:1], ids=lambda restriction: restriction.__name__)
class TestSuggestions:
    """Of what one does not follow yet."""

    def test_are_shut_for_all_but_members(self, restricted):
        doors = [
            Door("first interests", asking("/people/me/interests/")),
            Door("suggestions", asking("/people/me/subscriptions/")),
        ]
        page = shut(restricted)
        prepare(page)
        page = Page.objects.get(pk=page.pk)
        everybody = segment("Everybody", {"none": [{"attribute": "level", "operator": "gte", "value": 99}]})
        SubscriptionRule.objects.create(source=source_for(name_of(page)), segment=everybody, mode=Mode.SUGGESTED)
        people = all_viewers()
        told = walk(doors, people, lambda door, client: tells_of(page, door.ask(client, page)))
        assert told == {(door.name, "a member") for door in doors}


def subscribe(page, clients):
    """Everybody who is somebody follows both, has a shortcut to the page, and is subscribed by a rule."""
    hashtag = Hashtag.objects.get(key=SECRET.lower())
    for client in clients:
        someone = _as(client).user
        if someone.is_authenticated:
            choose(someone.pk, name_of(page), 2)
            choose(someone.pk, name_of(hashtag), 2)
            add_shortcut(someone.pk, Source.objects.get(kind="page", key=name_of(page)[1]).pk)
            Shortcut.objects.filter(person=someone).update(with_news=True)
    everybody = segment("Everybody", {"none": [{"attribute": "level", "operator": "gte", "value": 99}]})
    SubscriptionRule.objects.create(source=source_for(name_of(page)), segment=everybody, mode=Mode.MANDATORY)
    apply()
