"""Before a new day was refreshed, whoever has nothing that expired costs one query, and all are answered rightly."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db.models import QuerySet

from tests import builders
from wagtail_personalize.segments import versions, watching
from wagtail_personalize.segments.manual import change_lists
from wagtail_personalize.segments.models import Membership, Segment
from wagtail_personalize.segments.new_day import ensure_today
from wagtail_personalize.segments.refresh import refresh
from wagtail_personalize.segments.viewer import Viewer

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")
TENTH, ELEVENTH, TWELFTH = (date(2026, 3, day) for day in (10, 11, 12))


def on(operator, value, unit="days", attribute="hired"):
    return {"attribute": attribute, "operator": operator, "value": value, "unit": unit}


def noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=BERLIN)


@pytest.fixture
def clock():
    """Noon of the tenth of March; ``clock.move_to(noon(day))``."""
    with time_machine.travel(noon(TENTH), tick=False) as traveller:
        yield traveller


@pytest.fixture
def firm(clock):
    """Ada is new until the tenth, Bob until later; Nil was never hired."""
    people = [builders.person("ada", hired=date(2025, 12, 10)), builders.person("bob", hired=date(2026, 1, 5))]
    builders.segment("New", {"all": [on("in_the_last", 90)]})
    builders.segment("Settled", {"all": [{"operator": "not_in_segment", "value": "new"}]})
    refresh()
    return [*people, builders.person("nil")]


def segments_of(someone):
    """The short names of somebody's segments, as in a request of their own."""
    viewer = Viewer.for_person(type(someone).objects.get(pk=someone.pk))
    return set(Segment.objects.filter(pk__in=viewer.segment_ids).values_list("slug", flat=True))


def ask(someone):
    viewer = Viewer.for_person(someone)
    return viewer.segment_ids


class TestQueries:
    def test_one_for_whoever_has_nothing_that_expired(self, firm, clock, django_assert_num_queries):
        _ada, bob, nil = firm
        clock.move_to(noon(ELEVENTH))
        ask(bob)
        for someone in (bob, nil):
            with django_assert_num_queries(1):
                ask(someone)

    def test_two_for_whoever_has(self, firm, clock, django_assert_num_queries):
        ada, bob, _nil = firm
        clock.move_to(noon(ELEVENTH))
        ask(bob)
        ask(ada)
        with django_assert_num_queries(2):
            ask(ada)

    def test_one_for_all_once_the_day_was_refreshed(self, firm, clock, django_assert_num_queries):
        clock.move_to(noon(ELEVENTH))
        ask(firm[0])
        ensure_today()
        for someone in firm:
            with django_assert_num_queries(1):
                ask(someone)

    @pytest.mark.parametrize("number", [1, 100, 500])
    def test_do_not_grow_with_the_number_of_date_segments(self, firm, clock, number, django_assert_num_queries):
        rules = ({"all": [on("in_the_last", 100 + n)]} for n in range(number))
        new = (Segment(name=f"No. {n}", slug=f"s{n}", rule=rule, depends_on_date=True) for n, rule in enumerate(rules))
        QuerySet(Segment).bulk_create(new)
        versions.grow(versions.SEGMENTS)
        _ada, bob, _nil = firm
        clock.move_to(noon(ELEVENTH))
        ask(bob)
        with django_assert_num_queries(1):
            ask(bob)

    def test_one_when_nothing_can_expire_at_all(self, clock, django_assert_num_queries):
        nil = builders.person("nil")
        builders.segment("Fixed", {"all": [{"attribute": "hired", "operator": "before", "value": "2026-03-11"}]})
        refresh()
        clock.move_to(noon(ELEVENTH))
        ask(nil)
        with django_assert_num_queries(1):
            ask(nil)


class TestAnswers:
    def test_are_right_for_everybody_on_every_day(self, firm, clock):
        seen = []
        for day in (TENTH, ELEVENTH, date(2026, 4, 5), date(2026, 4, 6)):
            clock.move_to(noon(day))
            seen.append([segments_of(someone) for someone in firm for _twice in range(2)][::2])
        new, settled = {"new"}, {"settled"}
        assert seen == [[new, new, settled], [settled, new, settled], [settled, new, settled], [settled] * 3]
        assert versions.number_of(versions.DAY) == TENTH.toordinal()

    def test_hear_of_a_profile_that_was_saved_on_the_new_day(self, firm, clock):
        _ada, bob, _nil = firm
        clock.move_to(noon(ELEVENTH))
        assert segments_of(bob) == {"new"}
        bob.staff.hired = date(2019, 1, 1)
        bob.staff.save()
        assert segments_of(bob) == {"settled"}

    def test_hear_of_what_was_decided_and_expired_since(self, firm, clock):
        today = builders.segment("Starts today", {"all": [on("in_the_last", 0)]})
        *_others, nil = firm
        clock.move_to(noon(ELEVENTH))
        nil.staff.hired = ELEVENTH
        nil.staff.save()
        assert segments_of(nil) == {"new", "starts-today"}
        clock.move_to(noon(TWELFTH))
        for _twice in range(2):
            assert segments_of(nil) == {"new"}
        assert Membership.objects.filter(segment=today).count() == 1

    def test_hear_of_a_changed_rule(self, firm, clock):
        _ada, bob, _nil = firm
        clock.move_to(noon(ELEVENTH))
        assert segments_of(bob) == {"new"}
        new = Segment.objects.get(slug="new")
        new.rule = {"all": [on("in_the_last", 10)]}
        new.save()
        assert segments_of(bob) == {"settled"}

    def test_hear_of_a_changed_list_of_named_people(self, firm, clock):
        ada, *_others = firm
        new = Segment.objects.get(slug="new")
        clock.move_to(noon(ELEVENTH))
        assert segments_of(ada) == {"settled"}
        new.always_include([ada])
        assert segments_of(ada) == {"new"}
        new.always_exclude([ada])
        assert segments_of(ada) == {"settled"}
        change_lists(new, "include", [ada.pk], [])
        assert segments_of(ada) == {"new"}

    def test_hear_of_a_day_that_another_process_refreshed(self, firm, clock):
        ada, *_others = firm
        clock.move_to(noon(ELEVENTH))
        assert segments_of(ada) == {"settled"}
        versions.reach_day(ELEVENTH.toordinal())
        assert segments_of(ada) == {"new"}

    def test_are_those_of_the_rules_when_there_are_too_many_days_to_watch(self, firm, clock, monkeypatch):
        monkeypatch.setattr(watching, "MOST_QUERIES", 0)
        ada, bob, _nil = firm
        clock.move_to(noon(ELEVENTH))
        for _twice in range(2):
            assert (segments_of(ada), segments_of(bob)) == ({"settled"}, {"new"})

    def test_are_right_after_a_year_without_any_refresh(self, firm, clock):
        clock.move_to(noon(TENTH + timedelta(days=800)))
        for _twice in range(2):
            assert [segments_of(someone) for someone in firm] == [{"settled"}] * 3

    def test_are_those_of_the_shared_cache_too(self, firm, clock, settings):
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "SHARED_CACHE": "default"}
        clock.move_to(noon(ELEVENTH))
        for _twice in range(2):
            assert [segments_of(someone) for someone in firm] == [{"settled"}, {"new"}, {"settled"}]
