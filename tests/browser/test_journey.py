"""The main job, end to end: a segment, a targeted block, a restricted page, and three people who see three sites."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_rule_builder import Builder
from tests.browser.test_rule_builder import publish as publish_segment
from tests.builders import page, person
from tests.intranet.models import OtherPage, TargetedPage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(site):
    """A shift worker, somebody from the office, and the firm they work for."""
    return {
        "shift": person("daan", department="Production"),
        "office": person("lena", department="Finance"),
        "second": person("piet", department="Production"),
    }


@pytest.fixture
def pages(site):
    """The start page, with a stream of blocks, and a page that is to be locked."""
    return page("Start for all", model=TargetedPage), page("Key codes", model=OtherPage)


def build_segment(tab):
    """In the rule builder: *Department is one of Production*, with its size on screen before it is saved."""
    tab.goto("/admin/personalize/segments/new/")
    builder = Builder(tab)
    tab.get_by_placeholder("Name of the segment").fill("Shop floor")
    builder.pick(builder.add("Department"), "Production")
    expect(builder.live).to_contain_text("2 people")
    publish_segment(tab)
    expect(tab.get_by_text("Shop floor").first).to_be_visible()


def add_note(tab, text, segment=""):
    """A block at the end of the stream; with an audience, chosen in its settings drawer."""
    notes = tab.locator("[data-streamfield-child]")
    before = notes.count()
    tab.locator(".c-sf-add-button").last.click()
    tab.get_by_role("option", name="Note", exact=True).click()
    expect(notes).to_have_count(before + 1)  # else the text would go into the note before
    note = notes.last
    note.get_by_label("Text").fill(text)
    if segment:
        note.get_by_role("button", name=re.compile("settings", re.IGNORECASE)).click()
        entry = note.get_by_role("combobox").first
        entry.fill(segment)
        note.get_by_role("option", name=segment).first.click()
        expect(note.locator(".personalize-audience__summary")).to_contain_text("Reaches 2 people")


def publish(tab):
    tab.wait_for_timeout(2_000)  # Wagtail 8 saves by itself shortly after the last change; let it finish
    tab.wait_for_load_state("networkidle")
    tab.get_by_role("button", name="More actions").click()
    tab.get_by_role("button", name="Publish", exact=True).click()
    expect(tab.get_by_text("has been published").first).to_be_visible(timeout=20_000)


def restrict(tab, target, segment):
    """From the page editor's header to the audience, and back."""
    tab.goto(f"/admin/pages/{target.pk}/edit/")
    tab.locator("[data-side-panel-toggle=audience]").click()
    tab.get_by_role("link", name="Change audience").click()
    part = tab.locator("section", has=tab.get_by_role("heading", name="Restricted to"))
    part.get_by_role("combobox").first.fill(segment)
    part.get_by_role("option", name=segment).first.click()
    expect(part.locator(".personalize-audience__summary")).to_contain_text("Reaches 2 people")
    tab.get_by_role("button", name="Save audience").click()
    expect(tab.get_by_text("It reaches 2 people").first).to_be_visible()
    expect(tab.locator(".personalize-audience-toggle__status")).to_have_text("Restricted")


class TestJourney:
    def test_an_editor_targets_a_block_and_a_page_and_three_people_see_it(
        self, signed_in, django_user_model, people, pages, client
    ):
        start, keys = pages
        tab = signed_in(django_user_model.objects.create_superuser("editor"))
        build_segment(tab)

        tab.goto(f"/admin/pages/{start.pk}/edit/")
        add_note(tab, "Shift plan for week 12", "Shop floor")
        add_note(tab, "Canteen menu")
        publish(tab)
        restrict(tab, keys, "Shop floor")

        self.sees(signed_in(people["shift"]), start, keys, block=True, status=200)
        self.sees(signed_in(people["office"]), start, keys, block=False, status=404)
        tab.context.clear_cookies()
        self.sees(tab, start, keys, block=False, status=200, login=True)
        tab.errors[:] = [error for error in tab.errors if "404" not in error]

    def sees(self, tab, start, keys, *, block, status, login=False):
        tab.goto(start.url)
        expect(tab.get_by_text("Canteen menu")).to_be_visible()
        expect(tab.get_by_text("Shift plan for week 12")).to_have_count(1 if block else 0)
        assert tab.locator("section").count() == (2 if block else 1)
        answer = tab.goto(keys.url)
        assert answer.status == status
        assert ("/login/" in tab.url) == login
