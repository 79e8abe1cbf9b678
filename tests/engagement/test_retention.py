"""Raw events go in time, and not before their month is counted; figures live longer, and go with their segment."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.checks import run_checks
from django.core.management import call_command

from tests.builders import person, segment, user
from tests.engagement.raw import content, event, figures, stored, view
from wagtail_personalize.engagement.counting.happened import Counted, Happened
from wagtail_personalize.engagement.counting.storing import store
from wagtail_personalize.engagement.kinds import Kind
from wagtail_personalize.engagement.models import (
    Content,
    DirtyDay,
    Event,
    Figures,
    HourCount,
    PeriodKey,
    ReportingSegment,
    ReportLook,
    SegmentEvent,
)
from wagtail_personalize.engagement.rollup.closing import mark
from wagtail_personalize.engagement.rollup.run import roll_up

MONTH = Figures.Span.MONTH
pytestmark = pytest.mark.django_db


def purge(day):
    with time_machine.travel(datetime(day.year, day.month, day.day, 3, tzinfo=UTC)):
        call_command("purge_audit", verbosity=0)


def days_left():
    return sorted(Event.objects.values_list("day", flat=True).distinct())


class TestRawEvents:
    def test_wait_until_their_month_can_change_no_more(self):
        page = content()
        for day in (1, 31):
            view(page, date(2026, 1, day))
        purge(date(2026, 2, 2))
        assert len(days_left()) == 2
        purge(date(2026, 2, 3))
        assert days_left() == [date(2026, 1, 31)]

    def test_go_day_by_day_after_thirty_days(self):
        page = content()
        for day in (27, 28):
            view(page, date(2026, 2, day))
        purge(date(2026, 3, 30))
        assert days_left() == [date(2026, 2, 28)]

    def test_may_be_kept_longer(self, settings):
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "ENGAGEMENT_RAW_DAYS": 90}
        view(content(), date(2026, 1, 1))
        purge(date(2026, 4, 1))
        assert days_left() == [date(2026, 1, 1)]

    @pytest.mark.parametrize("number", [0, 91, "30"])
    def test_for_ninety_days_at_most(self, settings, number):
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "ENGAGEMENT_RAW_DAYS": number}
        assert "personalize_engagement.E010" in [found.id for found in run_checks()]

    def test_those_of_segments_go_as_well(self):
        view(content(), date(2026, 1, 1), segment=segment("Some"))
        purge(date(2026, 2, 10))
        assert not SegmentEvent.objects.exists()

    def test_are_rolled_up_before_they_go(self):
        page = content()
        for day in (1, 2, 31):
            view(page, date(2026, 1, day))
        purge(date(2026, 2, 3))
        assert figures(page, date(2026, 1, 1), MONTH).views == 3
        assert not DirtyDay.objects.exists()

    def test_when_they_are_gone_their_figures_stay(self):
        page = content()
        for day in (1, 31):
            view(page, date(2026, 1, day))
        purge(date(2026, 2, 3))
        before = stored()
        mark([date(2026, 1, 1), date(2026, 1, 31)])
        roll_up()
        purge(date(2026, 3, 20))
        roll_up()
        assert stored() == before

    def test_two_purges_do_no_more_than_one(self):
        view(content(), date(2026, 1, 1))
        purge(date(2026, 2, 3))
        before = stored()
        purge(date(2026, 2, 3))
        assert stored() == before


class TestKeys:
    def key(self, start, week=False):
        return PeriodKey.objects.create(content=content(), start=start, week=week, secret=b"x" * 32)

    def test_go_with_the_first_raw_events_of_their_period(self):
        self.key(date(2026, 1, 1))
        purge(date(2026, 2, 2))
        assert PeriodKey.objects.count() == 1
        purge(date(2026, 2, 3))
        assert not PeriodKey.objects.exists()

    def test_of_a_week_stay_while_events_may_come_for_it(self):
        self.key(date(2026, 3, 30), week=True)
        purge(date(2026, 4, 5))
        assert PeriodKey.objects.count() == 1
        purge(date(2026, 5, 5))
        assert not PeriodKey.objects.exists()


class TestNumbers:
    def test_figures_and_hours_live_for_25_months(self):
        page = content()
        for day in (date(2024, 1, 31), date(2024, 2, 1)):
            Figures.objects.create(content=page, span="day", start=day)
            HourCount.objects.create(month=day.replace(day=1), weekday=0, hour=0)
        purge(date(2026, 3, 1))
        assert Figures.objects.get().start == date(2024, 2, 1)
        assert HourCount.objects.get().month == date(2024, 2, 1)

    def test_looks_at_reports_live_for_twelve_months(self):
        ReportLook.objects.create(actor=user(), report="reach")
        day = date.today()
        purge(day + timedelta(days=360))
        assert ReportLook.objects.exists()
        purge(day + timedelta(days=370))
        assert not ReportLook.objects.exists()

    def test_words_that_few_searched_for_are_forgotten_with_their_raw_events(self):
        rare, frequent = (content(Content.Type.SEARCH, name, label=name) for name in ("rare", "frequent"))
        for number in range(5):
            event(frequent, date(2026, 1, 5), Kind.SEARCH, number)
        event(rare, date(2026, 1, 5), Kind.SEARCH, value=3)
        purge(date(2026, 1, 30))
        assert Content.objects.get(key="rare").label == "rare"
        purge(date(2026, 2, 10))
        assert [Content.objects.get(key=one).label for one in ("rare", "frequent")] == ["", "frequent"]

    def test_words_that_were_forgotten_are_known_again_when_somebody_searches_for_them(self):
        ada = person("ada")
        searched = Counted.search("parking")
        nameless = content(Content.Type.SEARCH, searched.key)
        store([Happened(ada.pk, searched, Kind.SEARCH, value=3, label="Parking")])
        nameless.refresh_from_db()
        assert nameless.label == "Parking"


class TestSegmentThatIsDeleted:
    def test_takes_all_of_its_numbers_with_it_and_no_others(self):
        gone, other, page = segment("Gone"), segment("Other"), content()
        for one in (gone, other):
            view(page, date(2026, 1, 5), segment=one)
            HourCount.objects.create(segment_id=one.pk, month=date(2026, 1, 1), weekday=0, hour=0)
            ReportingSegment.objects.create(segment=one)
        roll_up()
        gone.delete()
        for model in (SegmentEvent, Figures, HourCount, ReportingSegment):
            assert set(model.objects.values_list("segment_id", flat=True)) == {other.pk}

    def test_costs_as_many_queries_however_many_rows_it_had(self, django_assert_max_num_queries):
        gone, page = segment("Gone"), content()
        SegmentEvent.objects.bulk_create(
            [event(page, date(2026, 1, 5), person=n, segment=gone, save=False) for n in range(2_500)]
        )
        with django_assert_max_num_queries(60):
            gone.delete()
