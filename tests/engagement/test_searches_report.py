"""The report of searches: what people look for, do not find, and find without wanting it."""

import pytest

from tests.engagement.test_reports import clock, editor, rows_of  # noqa: F401
from wagtail_personalize.engagement.models import Content

from .figures import content, figures, reporting

pytestmark = pytest.mark.django_db


class TestOpenedResults:
    @pytest.fixture(autouse=True)
    def _people(self, editor):  # noqa: F811
        reporting()
        figures(viewers=300, audience=400, searchers=200)

    def searched(self, words, **numbers):
        figures(content(Content.Type.SEARCH, words, words), searchers=60, searches=100, **numbers)

    def test_are_a_share_of_the_searches(self, client):
        self.searched("canteen", clicks=80, participants=45)
        [row] = [row for row in rows_of(client, "searches") if row.startswith("canteen")]
        assert row.split(",")[4] == "0.8"

    def test_that_are_few_make_a_list(self, client):
        self.searched("canteen", clicks=80, participants=45)
        self.searched("parking", clicks=20, participants=15)
        page = client.get("/admin/reports/engagement/searches/").text
        assert page.partition("Mostly nothing opened")[2].count("parking") == 1
        assert "canteen" not in page.partition("Mostly nothing opened")[2]

    def test_by_too_few_people_are_not_told(self, client):
        self.searched("canteen", clicks=2, participants=2)
        [row] = [row for row in rows_of(client, "searches") if row.startswith("canteen")]
        assert "%" not in row.split(",")[4]
        assert not row.split(",")[4].replace(".", "").isdigit()
