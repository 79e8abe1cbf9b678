"""What editors make beside pages, in a real browser, and what an employee does with it."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.test_journey import publish
from tests.builders import block, page, person, segment
from tests.portal.models import PortalPage
from wagtail_personalize.targeting.content.models import Announcement, AnnouncementDismissal

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def without_an_icon(tab):
    """The pages of the test site have none, and a browser asks for one."""
    tab.context.route("**/favicon.ico", lambda route: route.fulfill(status=204))


@pytest.fixture
def boss(site, django_user_model):
    return django_user_model.objects.create_superuser("editor")


@pytest.fixture
def colleagues(site):
    """Somebody in IT, for whom everything here is, and somebody else."""
    found = {"IT": person("ann", department="IT"), "HR": person("ben", department="HR")}
    segment("IT")
    return found


def choose(place, name):
    """Pick a segment in the audience control that is in ``place``."""
    place.get_by_role("combobox").first.fill(name)
    place.get_by_role("option", name=name).first.click()
    expect(place.get_by_role("button", name=f"Remove {name}")).to_be_visible()


def fill_moment(tab, name, moment):
    """Without the focus: on a busy machine Wagtail's calendar opens after it was left, and covers what is below."""
    tab.locator(f"[name={name}]").evaluate(
        "(entry, text) => { entry.value = text; entry.dispatchEvent(new Event('change', {bubbles: true})) }",
        timezone.localtime(moment).strftime("%Y-%m-%d %H:%M"),
    )


class TestAnnouncement:
    def test_is_made_for_some_and_put_away_by_a_reader(self, signed_in, boss, colleagues):
        start = page("Start", model=PortalPage)
        now = timezone.now()
        tab = signed_in(boss)
        tab.goto(reverse("personalize_announcements:add"))
        tab.locator("[name=title]").fill("Servers restart")
        fill_moment(tab, "visible_from", now - timedelta(hours=1))
        fill_moment(tab, "visible_until", now + timedelta(days=2))
        choose(tab.locator(".personalize-audience"), "IT")
        tab.get_by_role("button", name="Create", exact=True).first.click()
        tab.wait_for_url(re.compile(r"/announcements/$"), timeout=20_000)
        expect(tab.get_by_role("link", name="Servers restart").first).to_be_visible()
        made = Announcement.objects.get()
        assert made.visible_from < now < made.visible_until

        signed_in(colleagues["HR"]).goto(start.url)
        expect(tab.get_by_role("main")).to_be_attached()
        expect(tab.get_by_text("Servers restart")).to_have_count(0)

        signed_in(colleagues["IT"]).goto(start.url)
        tab.get_by_role("button", name="Put away: Servers restart").click()
        expect(tab.get_by_text("Servers restart")).to_have_count(0)
        expect(tab).to_have_url(re.compile(re.escape(start.url) + "$"))
        assert AnnouncementDismissal.objects.get().person == colleagues["IT"]
        tab.reload()
        expect(tab.get_by_role("main")).to_be_attached()
        expect(tab.get_by_text("Servers restart")).to_have_count(0)


class TestQuickLink:
    def test_is_given_an_audience_where_it_is_written(self, signed_in, boss, colleagues):
        link = {"label": "Root passwords", "text": "", "page": None, "address": "https://vault.example/"}
        links = block("links", {"heading": "Tools", "links": [block("item", {**link, "audience": None})]})
        start = page("Start", model=PortalPage, body=[links])
        tab = signed_in(boss)
        tab.goto(f"/admin/pages/{start.pk}/edit/")
        entry = tab.locator("div[data-contentpath='links']").first
        entry.get_by_role("button", name=re.compile("settings", re.IGNORECASE)).first.click()
        choose(entry, "IT")
        publish(tab)

        for name, times in (("HR", 0), ("IT", 1)):
            signed_in(colleagues[name]).goto(start.url)
            expect(tab.get_by_role("main")).to_be_attached()
            expect(tab.get_by_role("link", name="Root passwords")).to_have_count(times)
