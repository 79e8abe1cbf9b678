"""The status shows numbers of events to whoever may see them."""

import re

import pytest
from django.contrib.auth.models import Permission

from tests.builders import user
from wagtail_personalize.engagement.counting.balances import Outcome, add_to_balance
from wagtail_personalize.engagement.models import DirtyDay
from wagtail_personalize.segments.days import today

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/reports/measurement-status/"


@pytest.fixture
def editor(client):
    editor = user("editor")
    editor.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(editor)
    return editor


@pytest.fixture
def keeper(editor):
    editor.user_permissions.add(Permission.objects.get(codename="view_balance"))
    return editor


class TestStatus:
    def test_shows_the_balance_of_each_day(self, client, keeper):
        for _shard in range(20):
            add_to_balance(Outcome(stored=50, duplicate=1, rejected=2, dropped=3))
        DirtyDay.objects.create(day=today())
        text = client.get(ADDRESS).content.decode()
        cells = re.findall(r"<td[^>]*>\s*([^<]*?)\s*</td>", text)
        assert cells[-6:] == ["1120", "1000", "20", "40", "60", "0"]
        assert "The figures of 1 day are made anew" in text

    def test_says_that_there_is_nothing_yet(self, client, keeper):
        assert "Nothing was received yet." in client.get(ADDRESS).content.decode()

    def test_needs_a_permission(self, client, editor):
        assert client.get(ADDRESS).status_code == 302
        assert ADDRESS not in client.get("/admin/").content.decode()

    def test_stands_in_the_menu(self, client, keeper):
        assert ADDRESS in client.get("/admin/").content.decode()

    def test_costs_the_same_on_any_number_of_days(self, client, keeper, django_assert_max_num_queries):
        client.get(ADDRESS)
        for _shard in range(20):
            add_to_balance(Outcome(stored=1))
        with django_assert_max_num_queries(16):
            client.get(ADDRESS)
