"""Large lists as a file: a number of queries by the thousand, not by the person, and never all rows in memory."""

import io
import tracemalloc

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.users.models import UserProfile

from tests.builders import segment
from tests.intranet.models import Staff
from wagtail_personalize.privacy.models import LookAt
from wagtail_personalize.segments.models import ManualMember

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def many(number, department="Legal"):
    """So many people with profiles, in two statements."""
    users = get_user_model()
    names = [f"{department.lower()}{n:05}" for n in range(number)]
    users.objects.bulk_create(users(username=name, first_name="Li", last_name=name) for name in names)
    made = list(users.objects.filter(username__in=names).order_by("pk"))
    Staff.objects.bulk_create(Staff(user=one, department=department, staff_number=one.username) for one in made)
    return made


def export(client, place, one, kind="csv"):
    """The file, fetched to its end, and the queries that this took."""
    address = reverse(f"personalize_segments:{place}", args=[one.pk])
    with CaptureQueriesContext(connection) as captured:
        content = b"".join(client.get(address, {"export": kind}).streaming_content)
    return content, len(captured)


@pytest.mark.parametrize("place", ["members", "named_people"])
class TestExport:
    def listed(self, place, number, name):
        people = many(number, name)
        if place == "members":
            return segment(name)
        made = segment(name, {"all": [{"operator": "nobody"}]})
        made.always_include(people)
        return made

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_takes_a_few_queries_for_each_thousand(self, client, boss, place, kind):
        few, many_people = self.listed(place, 30, "Legal"), self.listed(place, 2030, "Sales")
        export(client, place, few, kind)
        _content, for_few = export(client, place, few, kind)
        _content, for_many = export(client, place, many_people, kind)
        assert for_many - for_few <= 2 * 6  # older versions of Django insert 500 rows at a time on SQLite

    def test_has_everybody_once_in_order_and_tells_the_log(self, client, boss, place):
        content, _queries = export(client, place, self.listed(place, 1030, "Legal"))
        rows = content.decode().splitlines()[1:]
        assert len(rows) == 1030
        assert rows == sorted(rows)
        look = LookAt.objects.get()
        assert (look.actor, look.persons.count()) == (boss, 1030)

    def test_logs_who_is_seen_before_it_leaves_and_nobody_else(self, client, boss, place):
        made = self.listed(place, 1030, "Legal")
        answer = client.get(reverse(f"personalize_segments:{place}", args=[made.pk]), {"export": "csv"})
        lines = iter(answer.streaming_content)
        next(lines)
        assert not LookAt.objects.exists()
        next(lines)
        assert LookAt.objects.get().persons.count() == 1000

    def test_speaks_the_language_of_whoever_exports(self, client, boss, place):
        made = self.listed(place, 2, "Legal")
        profile = UserProfile.get_for_user(boss)
        profile.preferred_language = "de"
        profile.save()
        content, _queries = export(client, place, made)
        assert "Personalnummer" in content.decode().splitlines()[0]
        expected = {"members": "Regel geändert", "named_people": "immer dabei"}[place]
        assert expected in content.decode().splitlines()[1]

    def test_opens_as_a_workbook(self, client, boss, place):
        content, _queries = export(client, place, self.listed(place, 12, "Legal"), "xlsx")
        assert load_workbook(io.BytesIO(content)).active.max_row == 13


class TestMemory:
    def test_does_not_grow_with_the_rows(self, client, boss):
        many(6000)
        members = reverse("personalize_segments:members", args=[segment("Legal").pk])
        list(client.get(members, {"export": "csv"}).streaming_content)
        tracemalloc.start()
        lines = client.get(members, {"export": "csv"}).streaming_content
        assert sum(1 for _line in lines) == 6001
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 12_000_000


class TestLongLists:
    """In code there is no limit: a hundred thousand people go onto a list in thousands."""

    def queries(self, act):
        with CaptureQueriesContext(connection) as captured:
            act()
        return len(captured)

    def test_are_written_and_emptied_with_a_few_queries_for_each_thousand(self):
        people, team = many(4000), segment("Team", {"all": [{"operator": "nobody"}]})
        one, more = people[:1000], people
        assert self.queries(lambda: team.always_include(more)) - self.queries(lambda: team.always_include(one)) < 3 * 15
        assert team.size() == 4000
        assert self.queries(lambda: team.let_rule_decide(more)) < 4 * 15 + 60
        assert (team.size(), ManualMember.objects.count()) == (0, 0)

    def test_are_a_page_with_as_many_queries_as_a_short_one(self, client, boss):
        team, other = (segment(name, {"all": [{"operator": "nobody"}]}) for name in ("Team", "Other"))
        team.always_include(many(2500))
        other.always_include(many(60, "Sales"))

        def page(one, name):
            return self.queries(lambda: client.get(reverse(f"personalize_segments:{name}", args=[one.pk])))

        for name in ("named_people", "members", "inspect", "edit"):
            page(other, name)
            assert page(team, name) <= page(other, name)
