"""What leads to a page from elsewhere, or was kept for somebody else, × every kind of viewer × every restriction."""

import logging

import pytest
from django.test import Client
from wagtail.models import Page

from tests.builders import block, home, person
from tests.builders import page as a_page
from tests.content.builders import announcement, menu, page_entry, portal
from tests.targeting.caching import committed, counting, switch_on, with_template
from wagtail_personalize.targeting.content.models import LandingPage

from .restrictions import RESTRICTIONS, on_the_page, shut
from .test_hashtags import _template
from .test_matrix import tells_of, walk
from .viewers import all_viewers, client_of, member
from .ways import Door, asking, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.doors.site")]


def _portal(*body):
    return portal(*body, title="Around")


def _in_a_menu(page):
    menu(page_entry(page), page_entry(page.get_parent(), with_children=True))


def _in_menus(page):
    Page.objects.filter(pk__in=[page.pk, page.get_parent().pk]).update(show_in_menus=True)


def _linked(page):
    item = block("item", {"label": "", "text": "", "page": page.pk, "address": ""})
    _portal(block("links", {"heading": "Straight to", "links": [item]}))


def _announced(page):
    announcement("Read this", page=page)


def _arriving(page):
    LandingPage.objects.create(page=page)


def _with_neighbours(page):
    """One before it, one after it, one below."""
    a_page("Below", slug="below", parent=page)
    a_page("After", slug="the-open-page", parent=page.get_parent())
    a_page("Before", slug="before", parent=page.get_parent()).move(page, "left")
    page.refresh_from_db()


def _on_the_portal(client, page):
    return "".join(text_of(client.get(each.url)) for each in Page.objects.filter(slug__startswith="portal-"))


def _listed(relation):
    pages = f"{{% visible_pages {relation} as pages %}}"
    return _template(pages + "{% for each in pages %}{{ each.title }} {{ each.url }}{% endfor %}")


DOORS = [
    Door("children", _listed("page.get_parent.get_children")),
    Door("siblings", _listed("open.get_siblings")),
    Door("the page before", _listed("open.get_prev_siblings")),
    Door("the pages after", _listed("page.get_parent.get_first_child.get_next_siblings")),
    Door("breadcrumbs", _listed("page.get_first_child.get_ancestors")),
    Door("menu of an editor", _template('{% personalized_menu "main" %}'), prepare=_in_a_menu),
    Door("pages in menus", _template('{% personalized_menu "" 9 %}'), prepare=_in_menus),
    Door("quick links", _on_the_portal, prepare=_linked),
    Door("announcement", _template("{% announcements %}"), prepare=_announced),
    Door("landing page", asking("/"), prepare=_arriving),
]


@pytest.mark.parametrize("restricted", RESTRICTIONS, ids=lambda restriction: restriction.__name__)
class TestDoors:
    def test_are_shut_for_all_but_members(self, restricted):
        home()
        page = shut(restricted)
        _with_neighbours(page)
        for door in DOORS:
            door.prepare(page)
        told = walk(DOORS, all_viewers(), lambda door, client: tells_of(page, door.ask(client, page)))
        assert told == {(door.name, "a member") for door in DOORS}


FRAGMENT = (
    "{% load personalize_tags wagtailcore_tags %}{% personalized_cache 60 'pages' %}"
    "{% visible_pages page.get_site.root_page.get_descendants as pages %}"
    "{% for each in pages %}{{ each.title }} {% pageurl each %}{% endfor %}{% endpersonalized_cache %}"
)


@pytest.mark.parametrize("restricted", RESTRICTIONS, ids=lambda restriction: restriction.__name__)
class TestWhatIsKeptForAMember:
    def test_comes_to_nobody_else(self, restricted, settings):
        switch_on(settings)
        with_template(settings, "portal/portal_page.html", FRAGMENT)
        with committed():
            page, listing = shut(restricted), _portal()
            people, colleague = all_viewers(), member()
        with counting() as kept:
            assert page.title in text_of(colleague.get(listing.url))
            colleague.get(page.url)
        assert kept
        doors = [
            Door("kept list", lambda client, page: text_of(client.get(listing.url))),
            Door("kept page", lambda client, page: page.title if client.get(page.url).status_code == 200 else ""),
        ]
        told = walk(doors, people, lambda door, client: tells_of(page, door.ask(client, page)))
        assert told == {(door.name, "a member") for door in doors}


class TestLog:
    @pytest.mark.parametrize("enter", [Client, lambda: client_of(person(department="HR"))])
    def test_says_of_a_restricted_page_what_it_says_of_a_missing_one(self, enter, caplog):
        page, client = shut(on_the_page), enter()
        said = {}
        for url in (page.url, page.url.replace("zorgvuldig", "vermissing")):
            caplog.clear()
            with caplog.at_level(logging.DEBUG, logger="django"):
                client.get(url)
            said[url] = [r.getMessage().replace(url, "") for r in caplog.records if r.name != "django.db.backends"]
        first, second = said.values()
        assert first == second
