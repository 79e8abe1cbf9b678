"""Events become rows that lead to nobody, once, in whatever order they come."""

import random
from datetime import date

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.builders import page, person, segment
from wagtail_personalize.engagement.counting.balances import Outcome
from wagtail_personalize.engagement.counting.storing import store
from wagtail_personalize.engagement.kinds import Kind
from wagtail_personalize.engagement.models import DirtyDay, Event, HourCount, Objection, PeriodKey, SegmentEvent
from wagtail_personalize.targeting.clauses import Clause
from wagtail_personalize.targeting.page_audiences import set_page_audience

from .counting import balance, events, happened, reported, segment_events

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return person("ada", department="Finance")


@pytest.fixture
def finance(ada):
    finance = segment("Finance")
    reported(finance)
    return finance


@pytest.fixture
def news():
    return page("News", parent=page("Section"))


class TestStoring:
    def test_a_view_is_a_row_of_its_page_and_of_each_reporting_segment(self, ada, finance, news):
        assert store([happened(ada, news)]) == Outcome(stored=1)
        assert [event.kind for event in events()] == [Kind.VIEW]
        assert [event.segment for event in segment_events()] == [finance]

    def test_shows_that_somebody_was_in_the_section_and_on_the_site_once_a_day(self, ada, finance, news):
        other = page("Other", parent=news)
        store([happened(ada, news), happened(ada, other)])
        store([happened(ada, news)])
        assert len(events("section")) == len(events("site")) == 1
        assert len(segment_events("section")) == len(segment_events("site")) == 1
        assert {(event.load, event.value) for event in events("site")} == {(None, None)}

    def test_knows_the_section_below_the_home_page(self, ada, news):
        store([happened(ada, news), happened(ada, news.get_parent())])
        keys = {event.content.key for event in events("section")}
        assert keys == {str(news.get_parent().translation_key)}

    def test_the_same_event_is_stored_once(self, ada, finance, news):
        told = [happened(ada, news, token=str(number)) for number in range(5)]
        assert store([told[0], told[0]]) == Outcome(stored=1, duplicate=1)
        random.shuffle(told)
        assert store(told, balance=True) == Outcome(stored=4, duplicate=1)
        assert balance() == (5, 4, 1, 0, 0)
        assert len(events()) == len(segment_events()) == 5
        assert sum(row.views for row in HourCount.objects.filter(segment_id=finance.pk)) == 5

    def test_people_who_objected_are_locked_out_or_gone_are_not_counted(self, ada, news):
        bob, gone = person("bob", active=False), person("gone")
        Objection.objects.create(person=ada)
        told = [happened(ada, news), happened(bob, news), happened(gone, news)]
        gone.delete()
        assert store(told) == Outcome(rejected=3)
        assert not Event.objects.exists()

    def test_pages_that_are_gone_are_not_counted(self, ada, news):
        told = happened(ada, news)
        news.delete()
        assert store([told]) == Outcome(rejected=1)

    def test_marks_the_day_of_the_event(self, ada, news):
        store([happened(ada, news, at="2026-11-20 23:59")])
        assert DirtyDay.objects.get().day == date(2026, 11, 20)

    def test_costs_the_same_for_many_events(self, ada, finance, news):
        store([happened(ada, news)])
        costs = []
        for number in (1, 50):
            with CaptureQueriesContext(connection) as context:
                store([happened(ada, news) for _ in range(number)], balance=True)
            costs.append(len(context))
        assert costs[0] <= 28
        assert costs[1] <= 28


class TestAudience:
    def test_everybody_belongs_to_that_of_an_ordinary_page(self, ada, news):
        store([happened(ada, news)])
        assert events()[0].in_audience

    @pytest.mark.parametrize("mode", ["restrict", "recommend"])
    def test_is_whom_the_page_is_restricted_or_recommended_to(self, ada, finance, news, mode):
        bob = person("bob")
        set_page_audience(news, None, **{"restrict": None, "recommend": None, mode: Clause.of([finance])})
        store([happened(ada, news), happened(bob, news)])
        assert sorted(event.in_audience for event in events()) == [False, True]
        assert segment_events()[0].in_audience


class TestPseudonyms:
    def test_are_the_same_in_one_month_and_one_page_only(self, ada, news):
        other = page("Other")
        days = ["2026-11-02", "2026-11-27", "2026-12-03"]
        store([happened(ada, news, at=f"{day} 12:00") for day in days] + [happened(ada, other, at=f"{days[0]} 12:00")])
        found = {(str(event.content), str(event.day)): event.pseudonym for event in events()}
        assert found["News", days[0]] == found["News", days[1]]
        assert len(set(found.values())) == 3

    def test_a_week_that_two_months_share_has_its_own(self, ada, news):
        days = ["2026-11-29", "2026-11-30", "2026-12-01", "2026-12-07"]
        store([happened(ada, news, at=f"{day} 12:00") for day in days])
        found = {str(event.day): event.bridge for event in events()}
        assert found[days[0]] is found[days[3]] is None
        assert found[days[1]] == found[days[2]] is not None

    def test_of_segments_have_nothing_in_common(self, ada, finance, news):
        reported(segment("Everyone", {"all": [{"attribute": "department", "operator": "is_set"}]}))
        store([happened(ada, news, at="2026-11-30 12:00", load="x")])
        rows = [*events(), *segment_events()]
        assert len(rows) == 3
        for name in ("pk", "pseudonym", "bridge", "load"):
            assert len({getattr(row, name) for row in rows}) == 3

    def test_need_63_bits(self, ada, news):
        store([happened(ada, page(f"Page {number}")) for number in range(20)])
        assert all(0 <= event.pseudonym < 2**63 for event in events())

    def test_secrets_are_never_used_again(self, ada, news):
        store([happened(ada, news, token="x")])
        PeriodKey.objects.all().delete()
        store([happened(ada, news, token="x")])
        assert len({event.pseudonym for event in events()}) == 2


class TestEngagedTime:
    def test_is_exact_for_all_and_in_steps_for_segments(self, ada, finance, news):
        store([happened(ada, news, Kind.ENGAGED, value=37, load="x")])
        assert [event.value for event in events()] == [37]
        assert [event.value for event in segment_events()] == [30]

    def test_is_told_once_for_each_step(self, ada, finance, news):
        store([happened(ada, news, Kind.ENGAGED, value=value, load="x") for value in (31, 37, 44, 46)])
        assert [event.value for event in segment_events()] == [30, 45]

    def test_shows_nobody_on_the_site(self, ada, news):
        store([happened(ada, news, Kind.ENGAGED, value=37, load="x")])
        assert not events("site")


class TestSchema:
    @pytest.mark.parametrize("name", ["Event", "SegmentEvent", "HourCount", "Figures", "Balance", "HelpfulText"])
    def test_no_row_leads_to_a_person(self, name):
        from django.apps import apps

        model = apps.get_model("personalize_engagement", name)
        related = [field.related_model._meta.label for field in model._meta.get_fields() if field.is_relation]
        assert django_settings.AUTH_USER_MODEL not in related
        assert not [field for field in model._meta.get_fields() if field.many_to_many]

    def test_only_what_people_do_openly_points_to_a_user(self):
        """An objection, a look at a report, and whether somebody gets the weekly report."""
        from django.apps import apps

        pointing = {
            model.__name__
            for model in apps.get_app_config("personalize_engagement").get_models()
            for field in model._meta.get_fields()
            if field.is_relation and field.related_model._meta.label == django_settings.AUTH_USER_MODEL
        }
        assert pointing <= {"Objection", "ReportLook", "ReportSubscription"}

    def test_no_row_names_two_segments(self):
        from django.apps import apps

        for model in apps.get_app_config("personalize_engagement").get_models():
            naming = [field.name for field in model._meta.get_fields() if "segment" in field.name]
            assert len(naming) <= 1, model

    def test_no_raw_row_knows_the_time_of_day(self):
        for model in (Event, SegmentEvent):
            kinds = {field.get_internal_type() for field in model._meta.concrete_fields}
            assert not kinds & {"DateTimeField", "TimeField", "CharField", "JSONField"} - {"CharField"}
            assert not kinds & {"DateTimeField", "TimeField", "JSONField"}
