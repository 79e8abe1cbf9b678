"""Reacting, commenting, mentioning by keyboard, changing and removing, as somebody does it on a page."""

import copy

import pytest
from playwright.sync_api import expect

from tests.builders import page
from tests.communities.commenting import answer, colleague, say
from wagtail_personalize.communities.models import Comment, PageReaction

from .accessible import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEMPLATE = """{% extends "wagtail_personalize/base.html" %}{% load personalize_tags %}
{% block title %}{{ page.title }}{% endblock %}
{% block head %}<link rel="icon" href="data:,">{% streams_head %}{% communities_head %}{% endblock %}
{% block content %}<h1>{{ page.title }}</h1>
{% reactions page %}{% save_for_later page %}{% share page %}{% comments page %}{% endblock %}"""


@pytest.fixture
def ada(db):
    return colleague("Ada", "Byron")


@pytest.fixture
def news(settings, tmp_path, ada, signed_in):
    """A page with everything of this room, open in the tab of Ada."""
    (tmp_path / "intranet").mkdir()
    (tmp_path / "intranet" / "standard_page.html").write_text(TEMPLATE)
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [tmp_path]
    settings.TEMPLATES = templates
    news = page("News", slug="news")
    colleague("Bob", "Stone")
    say(colleague("Cleo", "Hart"), news, "The first word")
    tab = signed_in(ada)
    tab.goto(news.url)
    return tab


class TestComments:
    def test_are_written_with_a_mention_by_keyboard_changed_and_removed(self, news):
        field = news.get_by_role("textbox", name="Write a comment")
        field.focus()
        news.keyboard.type("Thanks @bo", delay=20)
        option = news.get_by_role("listbox", name="Colleagues").get_by_role("option")
        expect(option).to_have_count(1)
        news.keyboard.press("ArrowDown")
        expect(option).to_have_attribute("aria-selected", "true")
        expect(field).to_have_attribute("aria-activedescendant", "wp-names-0")
        news.keyboard.press("Enter")
        expect(field).to_have_value("Thanks @Bob Stone ")
        news.keyboard.type("for this")
        news.keyboard.press("Control+Enter")
        mine = news.get_by_role("article").filter(has_text="for this")
        expect(mine.get_by_role("link", name="@Bob Stone")).to_be_visible()
        expect(mine).to_be_focused()
        expect(news.get_by_role("heading", name="2 comments")).to_be_visible()

        mine.get_by_role("link", name="Change").click()
        field = news.get_by_role("textbox", name="Your comment")
        expect(field).to_be_focused()
        expect(field).to_have_value("Thanks @Bob Stone for this")
        field.fill("Thanks @Bob Stone for that")
        news.get_by_role("button", name="Save", exact=True).click()
        expect(news.get_by_role("article").filter(has_text="for that")).to_contain_text("changed")

        mine = news.get_by_role("article").filter(has_text="for that")
        mine.get_by_text("Remove", exact=True).click()
        mine.get_by_role("button", name="Remove for good").click()
        expect(news.get_by_role("article")).to_have_count(1)
        assert Comment.objects.latest("pk").html == ""

    def test_are_answered_in_place(self, news):
        news.get_by_text("Answer", exact=False).first.click()
        field = news.get_by_role("textbox", name="Your answer to Cleo Hart")
        expect(field).to_be_focused()
        field.fill("So it is")
        news.get_by_role("button", name="Answer").click()
        expect(news.get_by_role("list", name="Answers")).to_contain_text("So it is")
        expect(news.get_by_role("article").filter(has_text="So it is")).to_be_focused()

    def test_say_what_is_wrong_where_it_was_typed(self, news, ada):
        Comment.objects.update(author=ada)
        Comment.objects.bulk_create(_copies(ada))
        news.get_by_role("textbox", name="Write a comment").fill("One more")
        news.get_by_role("button", name="Comment", exact=True).click()
        expect(news.get_by_role("alert")).to_contain_text("many comments")
        expect(news.get_by_role("textbox", name="Write a comment")).to_have_value("One more")
        expect(news.get_by_role("heading", name="1 comment")).to_be_visible()

    def test_go_on_when_asked_and_the_page_is_accessible(self, news, ada):
        first = Comment.objects.get()
        answer(ada, first, "An answer")
        Comment.objects.bulk_create(_copies(ada) * 2 + _copies(ada))
        news.reload()
        expect(news.locator(".wp-thread")).to_have_count(20)
        assert faults(news, "main") == []
        news.get_by_role("link", name="Show earlier comments").click()
        expect(news.locator(".wp-thread")).to_have_count(31)


class TestReactions:
    def test_are_given_and_taken_back_without_leaving_the_page(self, news):
        like = news.locator("#wp-comments").locator("xpath=..").get_by_role("button", name="Like").first
        like.click()
        expect(news.get_by_role("button", name="Like 1")).to_have_attribute("aria-pressed", "true")
        expect(news.get_by_role("link", name="1 reaction")).to_be_visible()
        news.get_by_role("button", name="Like 1").click()
        expect(news.get_by_role("link", name="1 reaction")).to_have_count(0)
        assert not PageReaction.objects.exists()

    def test_to_a_comment_come_from_a_menu_that_escape_closes(self, news):
        menu = news.get_by_role("article").locator(".wp-reactions__more")
        menu.locator("summary").click()
        news.keyboard.press("Escape")
        expect(menu).not_to_have_attribute("open", "")
        expect(menu.locator("summary")).to_be_focused()
        menu.locator("summary").click()
        menu.get_by_role("button", name="Love").click()
        expect(news.get_by_role("article").get_by_role("button", name="Love 1")).to_be_visible()


class TestWithoutScripts:
    def test_everything_works(self, news, chromium, site):
        context = chromium.new_context(base_url=site, java_script_enabled=False)
        context.add_cookies(news.context.cookies())
        tab = context.new_page()
        tab.goto(news.url)
        tab.get_by_role("textbox", name="Write a comment").fill("Plain @Bob Stone")
        tab.get_by_role("button", name="Comment", exact=True).click()
        assert "?comment=" in tab.url
        expect(tab.get_by_role("link", name="@Bob Stone")).to_be_visible()
        tab.get_by_role("button", name="Love").first.click()
        expect(tab.get_by_role("link", name="1 reaction")).to_be_visible()
        tab.get_by_role("button", name="Save for later").click()
        expect(tab.get_by_role("button", name="Saved")).to_be_visible()
        context.close()


def _copies(someone):
    first = Comment.objects.earliest("pk")
    fields = {"translation_key": first.translation_key, "author": someone, "created_at": first.created_at}
    return [Comment(html="<p>Again</p>", **fields) for _number in range(10)]
