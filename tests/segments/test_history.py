"""Who was in a segment on any day, how large it was, and for how long that is kept."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command

from tests.builders import person, segment
from wagtail_personalize.segments.history import NotKnown, first_known_day, members_on, sizes
from wagtail_personalize.segments.models import Cause, Membership, PastMembership

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")


def at(text):
    """A moment in the site's time zone."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.fixture(autouse=True)
def late_in_november():
    with time_machine.travel(at("2026-11-22T12:00"), tick=False):
        yield


@pytest.fixture
def team():
    return segment("Nobody yet")


def in_since(team, since):
    someone = person()
    Membership.objects.create(segment=team, person=someone, since=at(since), cause=Cause.PROFILE)
    return someone


def was_in(team, since, until):
    someone = person()
    spell = {"since": at(since), "cause": Cause.RULE, "until": at(until), "end_cause": Cause.IMPORT}
    PastMembership.objects.create(segment=team, person=someone, **spell)
    return someone


class TestMembersOnADay:
    def test_are_those_who_were_in_when_the_day_ended(self, team):
        stays = in_since(team, "2026-05-03T23:59")
        left_later = was_in(team, "2026-05-01T08:00", "2026-05-04T00:00")
        was_in(team, "2026-05-01T08:00", "2026-05-03T23:59")
        in_since(team, "2026-05-04T00:00")

        assert set(members_on(team, date(2026, 5, 3))) == {stays, left_later}

    def test_do_not_count_who_came_and_went_on_the_same_day(self, team):
        was_in(team, "2026-05-03T08:00", "2026-05-03T17:00")

        assert not members_on(team, date(2026, 5, 3)).exists()

    def test_follow_the_time_zone_of_the_site_over_daylight_saving(self, team):
        winter = was_in(team, "2026-03-28T23:30", "2026-03-30T00:30")
        summer = in_since(team, "2026-03-30T00:00")

        assert set(members_on(team, date(2026, 3, 28))) == {winter}
        assert set(members_on(team, date(2026, 3, 29))) == {winter}
        assert set(members_on(team, date(2026, 3, 30))) == {summer}

    def test_come_back_once_however_often_they_came_and_went(self, team):
        someone = was_in(team, "2026-04-01T08:00", "2026-05-01T08:00")
        Membership.objects.create(segment=team, person=someone, since=at("2026-06-01T08:00"))

        assert [members_on(team, date(2026, month, 15)).count() for month in (3, 4, 5, 6)] == [0, 1, 0, 1]

    def test_of_a_day_before_what_is_kept_are_not_known(self, team):
        with pytest.raises(NotKnown, match="before that day it is not known"):
            members_on(team, date(2025, 11, 21))
        assert not members_on(team, date(2025, 11, 22)).exists()

    def test_of_a_day_to_come_are_not_known(self, team):
        with pytest.raises(NotKnown, match="has not come yet"):
            members_on(team, date(2026, 11, 23))


class TestSizes:
    def test_are_the_numbers_of_members_on_each_day(self, team):
        in_since(team, "2024-01-01T08:00")
        in_since(team, "2026-05-02T10:30")
        in_since(team, "2026-05-02T10:30")
        was_in(team, "2026-04-20T10:00", "2026-05-03T00:00")
        was_in(team, "2026-05-02T09:00", "2026-05-02T10:00")

        found = sizes(team, date(2026, 5, 1), date(2026, 5, 4))

        assert found == [(date(2026, 5, day), members_on(team, date(2026, 5, day)).count()) for day in range(1, 5)]
        assert [size for _day, size in found] == [2, 4, 3, 3]

    def test_cost_five_queries_whatever_they_are_asked(self, team, django_assert_num_queries):
        for day in range(1, 20):
            was_in(team, f"2026-05-{day:02}T08:00", f"2026-06-{day:02}T08:00")

        with django_assert_num_queries(5):
            sizes(team, date(2025, 11, 22), date(2026, 11, 22))

    @pytest.mark.parametrize("zone", ["Asia/Kathmandu", "America/St_Johns", "Pacific/Apia"])
    def test_cut_days_where_the_time_zone_does(self, team, settings, zone):
        settings.TIME_ZONE = zone
        midnight = datetime(2026, 5, 2, tzinfo=ZoneInfo(zone))
        Membership.objects.create(segment=team, person=person(), since=midnight - timedelta(seconds=1))
        Membership.objects.create(segment=team, person=person(), since=midnight.astimezone(UTC))

        assert sizes(team, date(2026, 4, 30), date(2026, 5, 2)) == [
            (date(2026, 4, 30), 0),
            (date(2026, 5, 1), 1),
            (date(2026, 5, 2), 2),
        ]

    def test_begin_when_somebody_is_first_known_to_have_been_in(self, team):
        assert first_known_day(team) == date(2026, 11, 22)
        in_since(team, "2026-07-01T00:10")
        assert first_known_day(team) == date(2026, 7, 1)
        was_in(team, "2019-07-01T00:10", "2026-01-01T00:10")
        assert first_known_day(team) == date(2025, 11, 22)


class TestRetention:
    def test_deletes_what_ended_before_the_months_that_are_kept(self, team):
        was_in(team, "2020-01-01T08:00", "2025-11-21T23:59")
        kept = was_in(team, "2020-01-01T08:00", "2025-11-22T00:00")

        call_command("purge_audit")
        call_command("purge_audit")

        assert [row.person for row in PastMembership.objects.all()] == [kept]

    def test_follows_the_setting(self, team, settings):
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "HISTORY_MONTHS": 1}
        was_in(team, "2020-01-01T08:00", "2026-10-21T08:00")

        call_command("purge_audit")

        assert not PastMembership.objects.exists()
        with pytest.raises(NotKnown):
            members_on(team, date(2026, 10, 21))
