"""From a hashtag to the mail: followed, written by an editor, in the timeline, bell and digest of who follows it."""

import re

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from tests.browser.test_journey import publish
from tests.builders import page, person
from tests.intranet.models import StandardPage
from tests.mail_server import mail_server, parts
from tests.streams.subscribing import choose
from tests.streams.timeline import published
from wagtail_personalize.streams.hashtag_uses import read

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE = "New ear protection in hall 3"


@pytest.fixture
def tabs(chromium, site, signed_in):
    """``tabs(user)``: a tab of their own for each."""
    contexts = []

    def open_tab(user):
        context = chromium.new_context(base_url=site, viewport={"width": 1280, "height": 1000}, locale="en-GB")
        context.set_default_timeout(15_000)
        context.add_cookies(signed_in(user).context.cookies())
        contexts.append(context)
        return context.new_page()

    yield open_tab
    for context in contexts:
        context.close()


@pytest.fixture
def lena():
    return reachable(person("lena", first_name="Lena"))


@pytest.fixture
def omar():
    return reachable(person("omar", first_name="Omar"))


def reachable(someone):
    someone.email = f"{someone.get_username()}@example.org"
    someone.save()
    return someone


def follow_safety(tab):
    tab.goto("/people/hashtags/safety/")
    tab.get_by_role("button", name="Follow #Safety").click()
    expect(tab.locator(".wp-follow__state")).to_contain_text("Following")


def write_about_safety(tab):
    draft = page(TITLE, model=StandardPage, live=False)
    tab.goto(f"/admin/pages/{draft.pk}/edit/")
    tab.locator("[data-contentpath=rich] [contenteditable=true]").click()
    tab.keyboard.type("Fitting is on Monday, see #Safety for the rest.", delay=5)
    publish(tab)


class TestWhoFollowsAHashtag:
    def test_reads_of_it_in_the_timeline_the_bell_and_the_digest_and_nobody_else_does(
        self, tabs, lena, omar, django_user_model, settings
    ):
        at_any_time = {"WORK_DAYS": tuple(range(7)), "QUIET_HOURS": None}
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, **at_any_time}
        read([page("Helmets #Safety")])
        choose(omar, published("Lunch in the canteen"))
        follower, outsider = tabs(lena), tabs(omar)
        follow_safety(follower)
        write_about_safety(tabs(django_user_model.objects.create_superuser("editor")))

        follower.goto("/people/me/news/")
        expect(follower.get_by_role("link", name=TITLE)).to_be_visible()
        outsider.goto("/people/me/news/")
        titles = outsider.locator(".wp-news__title")
        expect(titles.first).to_have_text("Lunch in the canteen")
        expect(titles.filter(has_text=TITLE)).to_have_count(0)

        follower.goto("/people/me/notifications/bell/")
        expect(follower.get_by_role("link", name="Notifications, 1 unread")).to_be_visible()
        follower.goto("/people/me/notifications/")
        expect(follower.get_by_role("button", name=TITLE, exact=True)).to_be_visible()
        outsider.goto("/people/me/notifications/bell/")
        expect(outsider.get_by_role("link", name=re.compile("^Notifications$"))).to_be_visible()

        with mail_server() as sink:
            call_command("send_digests", early=True)
            call_command("send_digests", early=True)
        assert [message["To"] for message in sink.messages] == [lena.email]
        assert all(TITLE in part for part in parts(sink.messages[0]))
