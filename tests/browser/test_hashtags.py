"""Hashtags where they are written and followed: the page editor, the page of a hashtag, and the timeline."""

import pytest
from playwright.sync_api import expect
from wagtail.rich_text import RichText

from tests.browser.accessible import faults
from tests.browser.test_journey import publish
from tests.builders import page, person
from tests.intranet.models import StandardPage
from tests.streams.subscribing import choose
from tests.streams.timeline import published
from wagtail_personalize.streams.hashtag_uses import read
from wagtail_personalize.streams.sources.finding import name_of, source_for
from wagtail_personalize.streams.subscribing.shortcuts import add_shortcut
from wagtail_personalize.streams.timeline.reading import ITEMS_PER_PART

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def tagged(title, **fields):
    new = page(title, **fields)
    read([new])
    return new


@pytest.fixture
def editor(signed_in, django_user_model):
    """A page with a rich text field and a rich text block, open in the page editor, beside pages with two hashtags."""
    tagged("Helmets #Safety")
    tagged("Gloves #Safety #SafeTravel")
    draft = page("Drill", model=StandardPage, body=[("paragraph", RichText("<p>Text</p>"))])
    tab = signed_in(django_user_model.objects.create_superuser("editor"))
    tab.goto(f"/admin/pages/{draft.pk}/edit/")
    tab.draft = draft
    tab.field = tab.locator("[data-contentpath=rich] [contenteditable=true]")
    tab.field.click()
    return tab


class TestWriting:
    def test_a_hashtag_is_completed_by_keyboard_and_is_a_link_on_the_page(self, editor):
        editor.field = editor.locator("[data-contentpath=body] [contenteditable=true]")
        editor.field.click()
        editor.keyboard.press("ControlOrMeta+A")
        editor.keyboard.type("Mind the #saf", delay=20)
        expect(editor.locator(".wp-hashtag")).to_have_text("#saf")
        options = editor.get_by_role("listbox", name="Hashtags").get_by_role("option")
        expect(options).to_have_count(2)
        expect(editor.locator("[role=status]", has_text="2 hashtags")).to_have_count(1)
        editor.keyboard.press("ArrowDown")
        expect(options.first).to_have_attribute("aria-selected", "true")
        expect(editor.field).to_have_attribute("aria-activedescendant", "wp-hashtags-0")
        editor.keyboard.press("Enter")
        expect(editor.locator(".wp-hashtag")).to_have_text("#Safety")
        editor.keyboard.type("rules.")
        expect(editor.field).to_have_text("Mind the #Safety rules.")
        publish(editor)
        editor.goto(editor.draft.url)
        expect(editor.get_by_role("link", name="#Safety")).to_have_attribute("href", "/people/hashtags/safety/")
        editor.errors[:] = [error for error in editor.errors if "404" not in error]  # the page has no favicon

    def test_the_list_of_hashtags_is_accessible(self, editor):
        editor.keyboard.type("#saf", delay=20)
        expect(editor.get_by_role("listbox", name="Hashtags")).to_be_visible()
        editor.keyboard.press("ArrowDown")
        assert faults(editor, ".wp-hashtags", width=False) == []

    def test_escape_closes_the_list_and_enter_then_begins_a_line(self, editor):
        editor.keyboard.type("#saf", delay=20)
        expect(editor.get_by_role("listbox", name="Hashtags")).to_be_visible()
        editor.keyboard.press("Escape")
        expect(editor.get_by_role("listbox", name="Hashtags")).to_be_hidden()
        editor.keyboard.press("Enter")
        expect(editor.field.locator("[data-block=true]")).to_have_count(2)

    def test_a_hashtag_is_chosen_with_the_mouse(self, editor):
        editor.keyboard.type("#saf", delay=20)
        editor.get_by_role("option", name="#SafeTravel").click()
        expect(editor.field).to_have_text("#SafeTravel ")

    def test_only_hashtags_shine(self, editor):
        editor.keyboard.type("a#b #1 https://example.com/#c mail&#d #e")
        expect(editor.locator(".wp-hashtag")).to_have_text(["#e"])


@pytest.fixture
def reader(chromium, site, signed_in):
    """``reader(script)``: a tab of somebody who works here, with or without JavaScript."""
    contexts = []

    def open_tab(script):
        cookies = signed_in(lena).context.cookies()
        context = chromium.new_context(base_url=site, java_script_enabled=script, locale="en-GB")
        context.add_cookies(cookies)
        contexts.append(context)
        return context.new_page()

    lena = person("lena", department="HR")
    open_tab.person = lena
    yield open_tab
    for context in contexts:
        context.close()


@pytest.mark.parametrize("script", [True, False], ids=["with_script", "without"])
class TestReading:
    def test_a_hashtag_is_followed_with_the_button(self, reader, script):
        tagged("Helmets #Safety")
        tab = reader(script)
        tab.goto("/people/hashtags/safety/")
        tab.get_by_role("button", name="Follow #Safety").click()
        expect(tab.locator(".wp-follow__state")).to_contain_text("Following")
        tab.goto("/people/me/subscriptions/")
        expect(tab.get_by_role("link", name="#Safety").first).to_be_visible()

    def test_earlier_news_come_when_asked_for(self, reader, script):
        for number in range(ITEMS_PER_PART + 2):
            published(f"News {number:02}", day=number)
        tab = reader(script)
        tab.goto("/people/news/")
        titles = tab.locator(".wp-news__title")
        expect(titles).to_have_count(ITEMS_PER_PART)
        tab.locator(".wp-news__more a, a.wp-news__more").click()
        expect(titles.last).to_have_text("News 00")
        expect(titles).to_have_count(ITEMS_PER_PART + 2 if script else 2)


class TestSorting:
    def test_shortcuts_are_dragged_into_another_order(self, reader):
        pages = [published("First"), published("Second"), published("Third")]
        for one in pages:
            choose(reader.person, one)
            add_shortcut(reader.person.pk, source_for(name_of(one)).pk)
        tab = reader(True)
        tab.goto("/people/me/subscriptions/")
        items = tab.locator("[data-wp-shortcut]")
        top = items.first.bounding_box()
        items.last.drag_to(items.first, target_position={"x": 20, "y": top["height"] * 0.2})
        expect(tab.locator("[data-wp-said]")).to_have_text("Third is now number 1 of 3.")
        tab.reload()
        expect(tab.locator("[data-wp-shortcut] .wp-shortcuts__link")).to_have_text(["Third", "First", "Second"])
