"""What depends on the date is right from the first request of the new local day."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from tests import builders
from wagtail_personalize.segments import versions
from wagtail_personalize.segments.index import segment_index
from wagtail_personalize.segments.models import Membership
from wagtail_personalize.segments.refresh import ensure_today, refresh
from wagtail_personalize.segments.viewer import Viewer

pytestmark = pytest.mark.django_db

#: Half past eleven in the evening and half an hour after midnight in Berlin; the same day in UTC.
EVENING = datetime(2026, 3, 10, 22, 30, tzinfo=UTC)
AFTER_MIDNIGHT = datetime(2026, 3, 10, 23, 30, tzinfo=UTC)


def recent(days=90):
    return {"all": [{"attribute": "hired", "operator": "in_the_last", "value": days, "unit": "days"}]}


@pytest.fixture
def tenth_of_march():
    """Ada is in her last day of "new" and Bob will be "settled" tomorrow."""
    with time_machine.travel(EVENING, tick=False) as traveller:
        builders.person("ada", hired=date(2025, 12, 10), department="IT")
        new = builders.segment("New", recent())
        settled = builders.segment("Settled", {"all": [{"operator": "not_in_segment", "value": "new"}]})
        it = builders.segment("IT")
        refresh()
        yield traveller, new, settled, it


def ada():
    return Viewer.for_person(builders.get_user_model().objects.get(username="ada"))


class TestViewer:
    def test_is_right_in_the_evening_from_what_is_stored(self, tenth_of_march, django_assert_num_queries):
        _, new, _, it = tenth_of_march
        segment_index()
        viewer = ada()
        with django_assert_num_queries(1):
            assert viewer.segment_ids == {new.pk, it.pk}

    def test_is_right_after_midnight_for_one_query_more(self, tenth_of_march, django_assert_num_queries):
        traveller, _, settled, it = tenth_of_march
        traveller.move_to(AFTER_MIDNIGHT)
        assert ada().segment_ids == {settled.pk, it.pk}
        viewer = ada()
        with django_assert_num_queries(2):
            assert viewer.segment_ids == {settled.pk, it.pk}

    def test_writes_nothing_for_it(self, tenth_of_march):
        traveller, new, _, _ = tenth_of_march
        traveller.move_to(AFTER_MIDNIGHT)
        assert ada().segment_ids
        assert Membership.objects.filter(segment=new).exists()

    def test_goes_by_the_day_of_the_site_whatever_a_request_has_activated(self, tenth_of_march):
        _, new, _, it = tenth_of_march
        with timezone.override("Pacific/Auckland"):
            assert ada().segment_ids == {new.pk, it.pk}

    def test_is_only_asked_for_the_person_who_looks(self, tenth_of_march):
        traveller, new, settled, _ = tenth_of_march
        traveller.move_to(AFTER_MIDNIGHT)
        assert ada().segment_ids
        bob = Viewer.for_person(builders.person("bob", hired=date(2026, 3, 1)))
        assert bob.segment_ids == {new.pk}
        assert not bob.is_in(settled)

    def test_hears_of_a_changed_rule(self, tenth_of_march):
        traveller, new, _, it = tenth_of_march
        traveller.move_to(AFTER_MIDNIGHT)
        assert not ada().is_in(new)
        new.rule = recent(days=365)
        new.save()
        assert ada().segment_ids == {new.pk, it.pk}

    def test_is_in_nothing_when_the_site_lost_its_declaration(self, tenth_of_march, settings):
        traveller, _, _, it = tenth_of_march
        traveller.move_to(AFTER_MIDNIGHT)
        settings.WAGTAIL_PERSONALIZE = {}
        assert ada().segment_ids == {it.pk}
        refresh()
        assert ada().segment_ids == frozenset()

    def test_costs_one_query_again_once_the_day_is_refreshed(self, tenth_of_march, django_assert_num_queries):
        traveller, _, settled, it = tenth_of_march
        traveller.move_to(AFTER_MIDNIGHT)
        refresh()
        segment_index()
        viewer = ada()
        with django_assert_num_queries(1):
            assert viewer.segment_ids == {settled.pk, it.pk}


class TestEnsureToday:
    def test_refreshes_once_a_day(self, tenth_of_march, django_assert_num_queries):
        traveller, new, settled, _ = tenth_of_march
        assert not ensure_today()
        traveller.move_to(AFTER_MIDNIGHT)
        assert ensure_today()
        assert (new.memberships.count(), settled.memberships.count()) == (0, 1)
        with django_assert_num_queries(1):
            assert not ensure_today()

    def test_is_called_by_whoever_asks_a_segment(self, tenth_of_march):
        traveller, new, settled, _ = tenth_of_march
        traveller.move_to(AFTER_MIDNIGHT)
        assert new.size() == 0
        assert [person.username for person in settled.people()] == ["ada"]

    def test_costs_nothing_for_a_segment_without_a_date(self, tenth_of_march, django_assert_num_queries):
        traveller, _, _, it = tenth_of_march
        traveller.move_to(AFTER_MIDNIGHT)
        with django_assert_num_queries(1):
            assert it.size() == 1

    def test_catches_up_after_missed_days(self, tenth_of_march):
        traveller, _, settled, _ = tenth_of_march
        traveller.move_to(datetime(2026, 3, 20, 12, tzinfo=UTC))
        assert ensure_today()
        assert settled.size() == 1


class TestTheCommand:
    def test_reaches_the_day_on_which_it_began(self, tenth_of_march):
        traveller, *_ = tenth_of_march
        traveller.move_to(AFTER_MIDNIGHT)
        call_command("refresh_segments", verbosity=0)
        assert versions.number_of(versions.DAY) == date(2026, 3, 11).toordinal()

    def test_for_one_segment_does_not_count_as_the_day(self, tenth_of_march):
        traveller, new, *_ = tenth_of_march
        traveller.move_to(AFTER_MIDNIGHT)
        call_command("refresh_segments", segment="new", verbosity=0)
        assert versions.number_of(versions.DAY) == date(2026, 3, 10).toordinal()
        assert new.memberships.count() == 0

    def test_never_goes_back_when_it_runs_late(self, tenth_of_march):
        versions.reach_day(date(2026, 3, 12).toordinal())
        call_command("refresh_segments", verbosity=0)
        assert versions.number_of(versions.DAY) == date(2026, 3, 12).toordinal()
