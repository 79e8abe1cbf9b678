"""Journey stages: by days since the hire date and by events; passing on is told exactly once."""

from datetime import date, timedelta

import pytest
import time_machine

from tests.builders import person, segment
from tests.intranet.models import Office, Staff
from wagtail_personalize.hookspecs import stage_changed
from wagtail_personalize.people import changed
from wagtail_personalize.segments import versions
from wagtail_personalize.segments.checking import check
from wagtail_personalize.segments.days import today
from wagtail_personalize.segments.journeys.watched import watch
from wagtail_personalize.segments.models import Journey, PersonStage, Segment, Stage, WatchedValue
from wagtail_personalize.segments.refresh import ensure_today, refresh
from wagtail_personalize.segments.rules.sentence import sentence

pytestmark = pytest.mark.django_db

DAYS = {"before": -14, "day-1": 0, "week-1": 1, "days-90": 7, "year-1": 90, "veteran": 365}
EVENTS = {
    "moved": ("moved", ["office"], 30),
    "promoted": ("promoted", ["level", "job_title"], 30),
    "back": ("back", ["remote"], 14),
    "leaving": ("leaving", ["birthday_never"], 30),
}


def journey(days=DAYS, events=None, name="Welcome"):
    made = Journey(name=name, slug=name.lower(), hire_date="hired")
    made.stages = [
        *[Stage(name=slug, slug=slug, from_day=day) for slug, day in days.items()],
        *[
            Stage(name=slug, slug=slug, event=event, attributes=attributes, days=length)
            for slug, (event, attributes, length) in (events or {}).items()
        ],
    ]
    made.save()
    return made


def stage_of(someone):
    return PersonStage.objects.filter(person=someone).values_list("stage__slug", flat=True).first()


def hired(days_ago, **profile):
    return person(hired=today() - timedelta(days=days_ago), **profile)


@pytest.fixture
def told():
    """What the signal told: (from, to, people, cause)."""
    heard = []

    def hear(stage_from, stage_to, person_ids, cause, **kwargs):
        heard.append((stage_from and stage_from.slug, stage_to and stage_to.slug, person_ids, cause))

    stage_changed.connect(hear)
    yield heard
    stage_changed.disconnect(hear)


@pytest.fixture
def on_day():
    """Travel to noon of a day."""
    travellers = []

    def travel(day):
        while travellers:
            travellers.pop().stop()
        traveller = time_machine.travel(f"{day}T11:00:00+00:00", tick=False)
        traveller.start()
        travellers.append(traveller)
        return day

    yield travel
    while travellers:
        travellers.pop().stop()


class TestDays:
    @pytest.mark.parametrize(
        ("days_ago", "stage"),
        [
            (-15, None),
            (-14, "before"),
            (-1, "before"),
            (0, "day-1"),
            (1, "week-1"),
            (6, "week-1"),
            (7, "days-90"),
            (89, "days-90"),
            (90, "year-1"),
            (364, "year-1"),
            (365, "veteran"),
            (20_000, "veteran"),
        ],
    )
    def test_decide_by_the_hire_date(self, days_ago, stage):
        someone = hired(days_ago)
        journey()
        assert stage_of(someone) == stage

    def test_nobody_without_hire_date_or_who_left_is_in_a_stage(self):
        journey()
        person()
        person(hired=today(), active=False)
        assert not PersonStage.objects.exists()

    def test_pass_with_the_days(self, on_day, told):
        on_day(date(2024, 2, 28))
        kim = person(hired=date(2024, 2, 28))
        journey()
        versions.reach_day(today().toordinal())
        on_day(date(2024, 2, 29))
        ensure_today()
        assert told == [("day-1", "week-1", [kim.pk], "day")]

    @pytest.mark.parametrize(
        ("day", "stage"),
        [
            (date(2024, 2, 29), "day-1"),
            (date(2024, 3, 1), "week-1"),
            (date(2025, 2, 27), "year-1"),
            (date(2025, 2, 28), "veteran"),
        ],
    )
    def test_count_local_days_from_the_29th_of_february(self, on_day, day, stage):
        on_day(day)
        kim = person(hired=date(2024, 2, 29))
        journey()
        assert stage_of(kim) == stage

    def test_missed_days_lead_straight_to_where_people_stand(self, on_day, told):
        on_day(date(2026, 3, 2))
        kim = hired(0)
        journey()
        versions.reach_day(today().toordinal())
        on_day(date(2026, 3, 30))
        ensure_today()
        assert told == [("day-1", "days-90", [kim.pk], "day")]

    def test_another_hire_date_begins_afresh(self, told):
        kim = hired(1000)
        journey()
        kim.staff.hired = today()
        kim.staff.save()
        assert told == [("veteran", "day-1", [kim.pk], "profile")]

    def test_who_leaves_is_in_no_stage_and_who_is_back_is_told(self, told):
        kim = hired(1000)
        journey()
        kim.is_active = False
        kim.save()
        kim.is_active = True
        kim.save()
        assert [(before, now) for before, now, *_rest in told] == [("veteran", None), (None, "veteran")]


class TestEvents:
    def test_a_move_lasts_for_its_days_and_comes_before_the_days_since_hire(self, on_day, told):
        on_day(date(2026, 3, 2))
        munich, utrecht = (Office.objects.create(code=code, city=code) for code in ("MUC", "UTR"))
        kim = hired(100, office=munich)
        journey(events=only("moved"))
        kim.staff.office = utrecht
        kim.staff.save()
        assert stage_of(kim) == "moved"
        versions.reach_day(today().toordinal())
        on_day(date(2026, 3, 31))
        ensure_today()
        assert stage_of(kim) == "moved"
        on_day(date(2026, 4, 1))
        ensure_today()
        assert [(before, now) for before, now, *_rest in told] == [("year-1", "moved"), ("moved", "year-1")]

    def test_an_empty_value_is_no_move(self, told):
        munich = Office.objects.create(code="MUC", city="MUC")
        kim = hired(100)
        journey(events=only("moved"))
        for office in (munich, None, munich):
            kim.staff.office = office
            kim.staff.save()
        assert told == []

    @pytest.mark.parametrize(
        ("before", "after", "stage"),
        [
            ({"level": 2}, {"level": 3}, "promoted"),
            ({"level": 3}, {"level": 2}, "year-1"),
            ({"level": 9}, {"level": 10}, "promoted"),
            ({"job_title": "Clerk"}, {"job_title": "Head"}, "promoted"),
            ({"job_title": "Clerk"}, {"job_title": "CLERK"}, "year-1"),
        ],
    )
    def test_a_promotion_is_a_higher_level_or_another_title(self, before, after, stage):
        kim = hired(100, **before)
        journey(events=only("promoted"))
        for name, value in after.items():
            setattr(kim.staff, name, value)
        kim.staff.save()
        assert stage_of(kim) == stage

    def test_back_is_when_yes_became_no(self):
        kim = hired(100, remote=True)
        journey(events=only("back"))
        kim.staff.remote = False
        kim.staff.save()
        assert stage_of(kim) == "back"
        kim.staff.remote = True
        kim.staff.save()
        assert stage_of(kim) == "year-1"

    @pytest.mark.parametrize(
        ("event", "offset", "stage"),
        [
            ("leaving", 29, "event"),
            ("leaving", 30, "none"),
            ("leaving", 0, "event"),
            ("leaving", -1, "none"),
            ("back", 0, "event"),
            ("back", -29, "event"),
            ("back", -30, "none"),
            ("back", 1, "none"),
        ],
    )
    def test_dates_need_no_memory(self, event, offset, stage):
        someone = person(hired=today() + timedelta(days=offset))
        made = Journey(name="Ways", slug="ways", hire_date="hired")
        made.stages = [Stage(name="event", slug="event", event=event, attributes=["hired"], days=30)]
        made.save()
        assert (stage_of(someone) or "none") == stage

    def test_leaving_lasts_as_long_as_it_is_yes(self):
        kim = hired(100, remote=True)
        journey(events={"leaving": ("leaving", ["remote"], None)})
        assert stage_of(kim) == "leaving"

    def test_of_several_the_first_in_order_counts(self):
        kim = hired(100, level=1, remote=True)
        journey(events={**only("promoted"), **only("back")})
        kim.staff.level, kim.staff.remote = 2, False
        kim.staff.save()
        assert stage_of(kim) == "promoted"

    def test_whoever_is_hired_anew_has_not_moved(self):
        munich, utrecht = (Office.objects.create(code=code, city=code) for code in ("MUC", "UTR"))
        kim = hired(1000, office=munich)
        journey(events=only("moved"))
        kim.staff.office, kim.staff.hired = utrecht, today()
        kim.staff.save()
        assert stage_of(kim) == "day-1"

    def test_a_bulk_change_that_nobody_told_is_found_at_night(self, told):
        munich, utrecht = (Office.objects.create(code=code, city=code) for code in ("MUC", "UTR"))
        kim = hired(100, office=munich)
        journey(events=only("moved"))
        Staff.objects.update(office=utrecht)
        refresh()
        assert told == [("year-1", "moved", [kim.pk], "refresh")]

    @pytest.mark.parametrize("kept", ["yes", "a" * 64, "NaN", ""])
    def test_begin_afresh_with_an_attribute_that_had_another_kind(self, kept, told):
        journey(events={"promoted": EVENTS["promoted"]})
        someone = hired(100, level=2)
        WatchedValue.objects.filter(person=someone, attribute="level").update(value=kept)
        someone.staff.level = 3
        someone.staff.save()
        assert stage_of(someone) == "year-1"
        assert WatchedValue.objects.get(person=someone, attribute="level").value == "3"
        someone.staff.level = 4
        someone.staff.save()
        assert stage_of(someone) == "promoted"

    def test_are_not_looked_for_without_declared_profiles(self, settings):
        journey(events={"promoted": EVENTS["promoted"]})
        settings.WAGTAIL_PERSONALIZE = {}
        watch(Journey.objects.with_stages())
        assert not WatchedValue.objects.exists()

    def test_keep_no_readable_text(self):
        hired(100, job_title="Head of Sales")
        journey(events=only("promoted"))
        assert "Head" not in WatchedValue.objects.get(attribute="job_title").value


class TestSignal:
    def test_is_sent_once_with_two_refreshes(self, on_day, told):
        on_day(date(2026, 3, 2))
        hired(0)
        journey()
        on_day(date(2026, 3, 3))
        refresh()
        refresh()
        ensure_today()
        assert len(told) == 1

    def test_is_sent_once_for_all_who_pass_together(self, on_day, told):
        on_day(date(2026, 3, 2))
        people = [hired(0) for _number in range(5)]
        journey()
        on_day(date(2026, 3, 3))
        refresh()
        assert [(before, now, len(ids)) for before, now, ids, _cause in told] == [("day-1", "week-1", len(people))]

    def test_is_not_sent_for_a_change_of_the_journey(self, told):
        hired(3)
        made = journey()
        made.stages.set([Stage(name="All", slug="all", from_day=0)])
        made.save()
        assert told == []
        assert PersonStage.objects.get().stage.slug == "all"

    def test_is_sent_for_whoever_is_new(self, told):
        journey()
        kim = hired(0)
        assert told == [(None, "day-1", [kim.pk], "profile")]

    def test_is_not_sent_when_something_else_changes(self, told, django_assert_max_num_queries):
        kim = hired(0)
        journey()
        kim.staff.motto = "Go"
        kim.staff.save()
        assert told == []

    def test_carries_the_cause_of_an_import(self, told):
        kim = hired(100)
        journey()
        Staff.objects.update(hired=today())
        changed(Staff.objects.all(), {"hired"}, cause="import")
        assert told == [("year-1", "day-1", [kim.pk], "import")]


IN_WEEK_1 = {"all": [{"operator": "in_stage", "value": ["welcome/week-1"]}]}


class TestRules:
    def test_may_ask_for_a_stage(self):
        journey()
        week = segment("Week", IN_WEEK_1)
        kim, _lee = hired(3), hired(30)
        assert list(week.people()) == [kim]
        assert sentence(week.rule) == "Is in stage Welcome: week-1"
        assert not list(check())

    def test_follow_the_day_without_any_refresh(self, on_day):
        on_day(date(2026, 3, 2))
        kim = hired(0)
        journey()
        week = segment("Week", IN_WEEK_1)
        versions.reach_day(today().toordinal())
        on_day(date(2026, 3, 3))
        assert list(week.people()) == [kim]

    def test_follow_events_and_their_end(self, on_day):
        on_day(date(2026, 3, 2))
        kim = hired(100, level=1)
        journey(events=only("promoted"))
        risen = segment("Risen", {"all": [{"operator": "in_stage", "value": ["welcome/promoted"]}]})
        kim.staff.level = 2
        kim.staff.save()
        assert list(risen.people()) == [kim]
        versions.reach_day(today().toordinal())
        on_day(date(2026, 4, 2))
        assert list(risen.people()) == []

    def test_have_a_contrary(self):
        journey()
        hired(3)
        lee = hired(30)
        others = segment("Others", {"all": [{"operator": "not_in_stage", "value": ["welcome/week-1"]}]})
        assert list(others.people()) == [lee]

    def test_break_when_the_stage_is_gone_and_are_mended_when_it_is_back(self):
        made = journey()
        hired(3)
        week = segment("Week", IN_WEEK_1)
        made.delete()
        week.refresh_from_db()
        assert "does not exist" in week.broken
        assert week.size() == 0
        journey()
        week.refresh_from_db()
        assert (week.broken, week.size()) == ("", 1)

    def test_break_when_the_journey_uses_what_people_say_themselves(self):
        made = Journey(name="Own", slug="own", hire_date="birthday")
        made.stages = [Stage(name="All", slug="all", from_day=0)]
        made.save()
        person(birthday=date(2000, 5, 1))
        assert not PersonStage.objects.exists()
        assert segment("S", {"all": [{"operator": "in_stage", "value": ["own/all"]}]}).broken

    def test_agree_with_the_stored_stages(self):
        made = journey(events=only("promoted"))
        people = [hired(days, level=1) for days in (-20, -3, 0, 3, 8, 100, 400)]
        people[4].staff.level = 2
        people[4].staff.save()
        for stage in made.stages.all():
            rule = {"all": [{"operator": "in_stage", "value": [f"welcome/{stage.slug}"]}]}
            stored = set(PersonStage.objects.filter(stage=stage).values_list("person", flat=True))
            assert {one.pk for one in segment(stage.slug, rule).people()} == stored

    def test_read_all_journeys_once(self, django_assert_max_num_queries):
        from wagtail_personalize.segments.effective import effective_qs

        journey()
        for slug in DAYS:
            segment(slug, {"all": [{"operator": "in_stage", "value": [f"welcome/{slug}"]}]})
        with django_assert_max_num_queries(5):
            effective_qs(Segment.objects.all())


class TestCost:
    def test_everybody_costs_statements_by_stages_not_by_people(self, on_day, django_assert_max_num_queries):
        on_day(date(2026, 3, 2))
        for _number in range(30):
            hired(0)
        journey()
        on_day(date(2026, 3, 3))
        from wagtail_personalize.segments.changing import changing_memberships
        from wagtail_personalize.segments.journeys.changing import follow_day

        with django_assert_max_num_queries(2 + 3 + 2 * len(DAYS) + 2), changing_memberships():
            follow_day()

    def test_a_site_without_journeys_pays_nothing_for_a_saved_profile(self):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        kim = person(department="IT")
        kim.staff.department = "HR"
        kim.staff.save()
        with CaptureQueriesContext(connection) as queries:
            kim.staff.hired = today()
            kim.staff.save()
        assert not [one for one in queries.captured_queries if "journey" in one["sql"] or "stage" in one["sql"]]


def only(name):
    return {name: EVENTS[name]}
