"""Searching as somebody does it: by keyboard while typing, narrowing, on a phone, and without JavaScript."""

import copy
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.builders import page, person, segment
from tests.streams.timeline import published
from tests.targeting.restricting import restrict
from wagtail_personalize import search as search_room
from wagtail_personalize.streams.hashtag_uses import read

from .accessible import faults

HEAD = Path(search_room.__file__).parent / "templates/wagtail_personalize/search/includes/head.html"
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ada():
    return person(first_name="Ada", last_name="Byron", department="HR")


@pytest.fixture(autouse=True)
def _pages(ada):
    read([published("Parking at the plant #cars"), published("Parking for bicycles #bikes")])
    restrict(published("Parking of the board"), segment("Board"))
    page("Holidays")


@pytest.fixture(autouse=True)
def _an_icon(settings, tmp_path):
    """As a site has one; without, the browser's first page is an error in its console."""
    folder = tmp_path / "wagtail_personalize/search/includes"
    folder.mkdir(parents=True)
    (folder / "head.html").write_text(f'<link rel="icon" href="data:,">{HEAD.read_text()}')
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [tmp_path]
    settings.TEMPLATES = templates


@pytest.fixture
def search(signed_in, ada):
    tab = signed_in(ada)
    tab.goto("/people/search/")
    return tab


def results(tab):
    return tab.locator("#wp-results").get_by_role("heading", level=3).get_by_role("link")


class TestWhileTyping:
    def test_results_come_by_keyboard_alone_and_lead_to_their_page(self, search):
        expect(search.get_by_role("searchbox")).to_be_focused()
        search.keyboard.type("park", delay=20)
        expect(results(search)).to_have_count(2)
        expect(search.get_by_role("status")).to_have_text("2 pages")
        expect(search.get_by_role("searchbox")).to_be_focused()
        search.keyboard.press("Tab")
        search.keyboard.press("Tab")
        expect(results(search).first).to_be_focused()
        target = results(search).first.get_attribute("href")
        assert "via=search" in target
        with search.expect_request(lambda request: target in request.url):
            search.keyboard.press("Enter")

    def test_nothing_is_said_to_whom_nothing_is_open(self, search):
        search.keyboard.type("board", delay=20)
        expect(search.get_by_text("Nothing found")).to_be_visible()

    def test_enter_makes_an_address_to_share(self, search):
        search.keyboard.type("parking")
        search.keyboard.press("Enter")
        search.wait_for_url(re.compile("q=parking"))
        expect(results(search)).to_have_count(2)


class TestNarrowing:
    def test_a_facet_narrows_and_is_taken_back(self, search):
        search.goto("/people/search/?q=parking")
        facets = search.get_by_role("complementary", name="Narrow down")
        facets.get_by_role("link", name="#cars 1", exact=True).click()
        expect(results(search)).to_have_text(["Parking at the plant #cars"])
        expect(facets.locator("[aria-current]")).to_contain_text("#cars")
        search.get_by_role("link", name="Show all results").click()
        expect(results(search)).to_have_count(2)


class TestEverywhere:
    @pytest.mark.parametrize("width", [1280, 375])
    def test_is_accessible_and_fits(self, search, width):
        search.set_viewport_size({"width": width, "height": 800})
        search.goto("/people/search/?q=parking")
        expect(results(search)).to_have_count(2)
        assert search.evaluate("document.documentElement.scrollWidth") <= width
        assert faults(search) == []

    def test_works_without_javascript(self, chromium, site, search):
        context = chromium.new_context(base_url=site, java_script_enabled=False)
        context.add_cookies(search.context.cookies())
        tab = context.new_page()
        tab.goto("/people/search/")
        tab.get_by_role("searchbox").fill("parking")
        tab.get_by_role("button", name="Search").click()
        expect(results(tab)).to_have_count(2)
        tab.get_by_role("link", name="#bikes 1", exact=True).click()
        expect(results(tab)).to_have_count(1)
        context.close()
