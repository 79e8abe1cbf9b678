"""Who is looked at when a day begins: those whose decisions expire, nobody else, and nobody is forgotten."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from tests import builders
from tests.intranet.models import Staff
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.segments import new_day, versions
from wagtail_personalize.segments.models import Membership, PastMembership, Segment
from wagtail_personalize.segments.new_day import ensure_today, whose_decisions_expire
from wagtail_personalize.segments.refresh import refresh
from wagtail_personalize.segments.rules import conditions

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")
TENTH, ELEVENTH, TWELFTH = (date(2026, 3, day) for day in (10, 11, 12))


def at(day, hour=12, minute=0):
    """That moment in the site's time zone."""
    return time_machine.travel(datetime(day.year, day.month, day.day, hour, minute, tzinfo=BERLIN), tick=False)


def on(operator, value, unit="days", attribute="hired"):
    return {"attribute": attribute, "operator": operator, "value": value, "unit": unit}


def members(segment):
    return set(segment.memberships.values_list("person__username", flat=True))


def many(number):
    """So many segments over a date, each of another window."""
    new = [Segment(name=f"No. {n}", slug=f"s{n}", rule={"all": [on("in_the_last", n + 1)]}) for n in range(number)]
    Segment.objects.bulk_create(new)


@pytest.fixture
def firm():
    """Ada is new until the tenth, Bob until later, Cleo for years no more; Nil was never hired."""
    with at(TENTH):
        for name, hired in {"ada": date(2025, 12, 10), "bob": date(2026, 1, 5), "cleo": date(2019, 6, 1)}.items():
            builders.person(name, hired=hired)
        builders.person("nil")
        new = builders.segment("New", {"all": [on("in_the_last", 90)]})
        settled = builders.segment("Settled", {"all": [{"operator": "not_in_segment", "value": "new"}]})
        refresh()
    return new, settled


def expire(rules, since=TENTH, until=ELEVENTH):
    users = builders.get_user_model().objects
    return {users.get(pk=pk).username for pk in whose_decisions_expire(rules, since, until)}


class TestWhoseDecisionsExpire:
    def test_are_only_those_for_whom_a_window_moves(self, firm):
        assert expire([{"all": [on("in_the_last", 90)]}]) == {"ada"}
        assert expire([{"all": [on("in_the_last", 91)]}]) == set()

    def test_are_found_for_all_rules_and_operators_together(self, firm):
        rules = [{"none": [on("in_the_next", 1, "years")]}, {"any": [{"all": [on("more_than_ago", 64)]}]}]
        assert expire(rules) == {"bob"}
        assert expire([*rules, {"all": [on("in_the_last", 90)]}]) == {"ada", "bob"}

    def test_are_those_whose_day_comes_round(self, firm):
        Staff.objects.filter(user__username="nil").update(birthday=date(2000, 3, 11))
        assert expire([{"all": [on("anniversary_within", 0, attribute="birthday")]}]) == {"nil"}
        assert expire([{"all": [on("anniversary_within", 7, attribute="birthday")]}]) == set()

    def test_are_those_of_all_missed_days(self, firm):
        assert expire([{"all": [on("in_the_last", 90)]}], until=date(2026, 4, 6)) == {"ada", "bob"}

    def test_are_nobody_for_a_rule_that_stands_still_or_is_broken(self, firm):
        fixed = {"attribute": "hired", "operator": "before", "value": "2026-03-11"}
        odd = [on(["in_the_last"], 1), on("in_the_last", -1), on("in_the_last", 1, attribute="level"), {}, None]
        with CaptureQueriesContext(connection) as queries:
            assert expire([{"all": [fixed, *odd]}, None, []]) == set()
        assert len(queries) == 0

    def test_are_everybody_when_there_are_too_many(self, firm, monkeypatch):
        monkeypatch.setattr(new_day, "MOST_PEOPLE", 1)
        assert whose_decisions_expire([{"all": [on("in_the_last", 90)]}], TENTH, date(2026, 4, 6)) is None

    @pytest.mark.parametrize("number", [1, 100, 500])
    def test_cost_the_same_few_queries_for_any_number_of_rules(self, firm, number, django_assert_num_queries):
        rules = [{"all": [on("in_the_last", n + 1)]} for n in range(number)]
        with django_assert_num_queries(1):
            whose_decisions_expire(rules, TENTH, ELEVENTH)


class TestEnsureToday:
    def test_leaves_everybody_else_alone(self, firm):
        new, settled = firm
        with at(ELEVENTH, 0, 1), CaptureQueriesContext(connection) as queries:
            assert ensure_today()
        assert (members(new), members(settled)) == ({"bob"}, {"ada", "cleo", "nil"})
        written = [query["sql"] for query in queries if Membership._meta.db_table in query["sql"]]
        assert written
        assert Membership.objects.filter(cause="day").count() == 1

    def test_writes_the_day_as_the_cause(self, firm):
        new, settled = firm
        with at(ELEVENTH):
            ensure_today()
        past = PastMembership.objects.get()
        assert (past.segment, past.person.username, past.end_cause) == (new, "ada", "day")
        assert settled.memberships.get(person__username="ada").cause == "day"

    def test_is_the_cause_when_the_nightly_command_begins_the_day_too(self, firm):
        with at(ELEVENTH):
            assert refresh() == (1, 1)
        assert PastMembership.objects.get().end_cause == "day"

    def test_finds_a_decision_that_was_made_and_expired_while_nothing_ran(self, firm):
        today = builders.segment("Starts today", {"all": [on("in_the_last", 0)]})
        nil = Staff.objects.get(user__username="nil")
        with at(ELEVENTH):
            nil.hired = ELEVENTH
            nil.save()
            assert members(today) == {"nil"}
        with at(TWELFTH):
            ensure_today()
        assert members(today) == set()

    def test_happens_when_the_day_begins_where_the_site_is(self, firm):
        with at(TENTH, 23, 59):
            assert not ensure_today()
        with at(ELEVENTH, 0, 0):
            assert ensure_today()

    @pytest.mark.parametrize("night", [date(2026, 3, 29), date(2026, 10, 25)])
    def test_happens_once_in_a_night_in_which_the_clock_changes(self, firm, night):
        with at(night - timedelta(days=1), 23, 30):
            ensure_today()
        times = [at(night, 0, 30), at(night, 2, 30), at(night, 3, 30), at(night, 23, 30)]
        results = []
        for time in times:
            with time:
                results.append(ensure_today())
        assert results == [True, False, False, False]

    def test_lets_29_february_count_as_the_28th(self, firm):
        builders.person("leap", hired=date(2024, 2, 29))
        first_year = builders.segment("First year", {"all": [on("in_the_last", 1, "years")]})
        round_today = builders.segment("Today", {"all": [on("anniversary_within", 0)]})
        seen = {}
        StateVersion = versions.StateVersion
        StateVersion.objects.filter(name=versions.DAY).update(number=date(2025, 2, 26).toordinal())
        with at(date(2025, 2, 26)):
            refresh([first_year, round_today])
        for day in (date(2025, 2, 27), date(2025, 2, 28), date(2025, 3, 1)):
            with at(day):
                assert ensure_today()
            seen[day.day] = ("leap" in members(first_year), "leap" in members(round_today))
        assert seen == {27: (True, False), 28: (True, True), 1: (False, False)}

    def test_looks_at_everybody_before_any_day_was_reached(self, firm):
        new, _ = firm
        versions.StateVersion.objects.all().delete()
        Membership.objects.all().delete()
        with at(TWELFTH):
            assert ensure_today()
        assert members(new) == {"bob"}

    def test_looks_at_everybody_for_conditions_that_only_their_definition_knows(self, firm, moon):
        even = builders.segment("Moon", {"all": [{"operator": "moon"}]})
        named = builders.segment("Named", {"all": [{"operator": "in_segment", "value": even.slug}]})
        with at(ELEVENTH):
            ensure_today()
        assert members(even) == members(named) == {"ada", "bob", "cleo", "nil"}

    @pytest.mark.parametrize("number", [1, 100, 500])
    def test_costs_a_number_of_queries_that_does_not_grow(self, firm, number):
        with at(TENTH):
            many(number)
        with at(ELEVENTH), CaptureQueriesContext(connection) as queries:
            assert ensure_today()
        assert len(queries) <= 30, [query["sql"][:90] for query in queries]
        with at(ELEVENTH), CaptureQueriesContext(connection) as queries:
            assert not ensure_today()
        assert len(queries) == 1


@pytest.fixture
def moon(monkeypatch):
    """A condition type of the site: true for everybody on uneven days."""

    class Moon(conditions.ConditionType):
        operator, label, phrase, depends_on_date = "moon", "moon", "moon", True

        def q(self, condition, compiler):
            pk = get_declaration().profile_model._meta.pk.name
            return Q(**{f"{pk}__isnull": compiler.today.day % 2 == 0})

    monkeypatch.setitem(conditions.all_types.__globals__["_types"], "moon", Moon())
