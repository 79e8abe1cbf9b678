"""What people wrote beside “Was this helpful?”: told of a closed month and of enough answers, else not at all."""

from datetime import date

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from tests.builders import page, segment, user
from tests.permissions import allowed
from wagtail_personalize.engagement.models import Content, Figures, HelpfulText
from wagtail_personalize.targeting.audiences import Clause
from wagtail_personalize.targeting.page_audiences import set_page_audience

from .figures import MONTH, content, figures, reporting

pytestmark = pytest.mark.django_db

REMARKS = "/admin/reports/engagement/remarks/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-06-20 12:00"):
        yield


@pytest.fixture
def editor(client):
    someone = allowed(user("editor"), "view_figures")
    client.force_login(someone)
    return someone


def wrote(about, *texts, helpful=4, unhelpful=3, month=MONTH, **numbers):
    """People answered on a page in a month, and some of them wrote something."""
    numbers = {"viewers": 60, "audience": 300, "participants": helpful + unhelpful, "views": 90} | numbers
    if not figures_of_site(month):
        figures(viewers=200, audience=400, start=month, span="month")
        reporting()
    figures(about, start=month, span="month", helpful=helpful, unhelpful=unhelpful, **numbers)
    of = content(Content.Type.PAGE, str(about.translation_key), about.title)
    for text in texts:
        HelpfulText.objects.create(content=of, day=month, helpful=True, text=text)


def figures_of_site(month):
    return Figures.objects.filter(content__type=Content.Type.SITE, start=month, span="month").exists()


def told(client, **choices):
    return client.get(REMARKS, choices).content.decode()


class TestRemarks:
    def test_are_told_of_a_page_with_enough_answers(self, client, editor):
        wrote(page("Canteen"), "The menu is missing.")
        assert "The menu is missing." in told(client)

    def test_are_not_told_where_too_few_answered(self, client, editor):
        wrote(page("Canteen"), "The menu is missing.", helpful=2, unhelpful=2, participants=40)
        answer = told(client)
        assert "The menu is missing." not in answer
        assert "Nobody wrote anything on a page on which enough people answered." in answer

    def test_are_not_told_of_a_month_that_is_not_over(self, client, editor):
        wrote(page("Canteen"), "The menu is missing.", month=date(2026, 6, 1))
        answer = told(client)
        assert "The menu is missing." not in answer
        assert "when the month is over" in answer

    def test_of_another_month_are_not_told_with_this_one(self, client, editor):
        canteen = page("Canteen")
        wrote(canteen, "Of May")
        wrote(canteen, "Of April", month=date(2026, 4, 1), helpful=1, unhelpful=0, participants=1)
        answer = told(client)
        assert "Of May" in answer
        assert "Of April" not in answer + told(client, period="month-2026-04-01")

    def test_are_not_told_where_works_councils_agreed_to_no_words(self, client, editor, settings):
        wrote(page("Canteen"), "The menu is missing.", helpful=20, unhelpful=20)
        strict = {**settings.WAGTAIL_PERSONALIZE, "MEASUREMENT": "works_council"}
        with override_settings(WAGTAIL_PERSONALIZE=strict):
            assert client.get(REMARKS).status_code == 404

    def test_of_pages_that_the_editor_may_not_see_are_not_told(self, client, editor):
        secret = page("Secret")
        set_page_audience(secret, None, restrict=Clause.of([segment("Finance")]), recommend=None)
        wrote(secret, "About the merger")
        assert "About the merger" not in told(client)

    def test_are_for_whoever_may_look_at_reports(self, client):
        client.force_login(allowed(user()))
        assert client.get(REMARKS).status_code == 302

    def test_are_plain_text_in_page_and_file(self, client, editor):
        wrote(page("Canteen"), "<script>alert(1)</script>", "=1+1")
        assert "<script>alert(1)" not in told(client)
        file = b"".join(client.get(REMARKS, {"export": "csv"}).streaming_content).decode()
        assert ",=1+1" not in file
        assert "=1+1" in file

    def test_take_the_same_queries_for_many_as_for_few(self, client, editor):
        wrote(page("Canteen"), "One")
        told(client)
        with CaptureQueriesContext(connection) as few:
            told(client)
        for number in range(6):
            wrote(page(f"Page {number}"), "Two", "Three")
        with CaptureQueriesContext(connection) as many:
            told(client)
        assert len(many) == len(few)

    def test_are_deleted_after_a_year(self):
        wrote(page("Canteen"), "Old", month=date(2025, 5, 1))
        wrote(page("Kitchen"), "New", month=date(2025, 6, 1))
        call_command("purge_audit")
        assert [one.text for one in HelpfulText.objects.all()] == ["New"]
