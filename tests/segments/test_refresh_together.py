"""Several processes change who is in what at once: real connections, threads and processes."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime, time, timedelta
from threading import Event

import pytest
import time_machine
from django.db import close_old_connections, connection, connections, transaction
from django.utils.timezone import get_default_timezone

from tests import builders
from tests.intranet.models import Staff
from wagtail_personalize.segments import versions
from wagtail_personalize.segments.changing import catch_up, changing_memberships
from wagtail_personalize.segments.days import today
from wagtail_personalize.segments.models import Membership, Segment, StateVersion
from wagtail_personalize.segments.refresh import check, ensure_today, refresh

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="the tests' SQLite is in the memory of one process"),
]

#: Longer than a thread needs to reach the lock, shorter than anybody wants to wait.
A_MOMENT = 0.5


@pytest.fixture
def threads():
    """Runs callables in threads, each with a connection of its own."""

    def own_connection(action):
        close_old_connections()
        try:
            return action()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        yield lambda action: pool.submit(own_connection, action)


def start_process(*arguments):
    """A management command in a process of its own, on the database of this test."""
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "django", *arguments, "--settings=tests.settings", "--skip-checks"],
        env={**os.environ, "DATABASE_NAME": connection.settings_dict["NAME"]},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def is_waiting(future):
    """Whether something that was started is still not done after a moment."""
    return not wait([future], timeout=A_MOMENT).done


def members(segment):
    return set(segment.memberships.values_list("person__username", flat=True))


class TestTwoRefreshes:
    def test_in_two_processes_write_each_membership_once(self):
        for number in range(30):
            builders.person(f"user-{number}", department="IT" if number % 2 else "HR")
        segments = [builders.segment("IT"), builders.segment("HR")]
        Membership.objects.all()._raw_delete("default")
        processes = [start_process("refresh_segments") for _ in range(3)]
        outputs = [process.communicate(timeout=120) for process in processes]
        assert [process.returncode for process in processes] == [0, 0, 0], outputs
        assert sorted(out for out, _err in outputs) == sorted(["30 joined, 0 left.\n", *["0 joined, 0 left.\n"] * 2])
        assert [segment.size() for segment in segments] == [15, 15]

    def test_of_a_new_day_happen_once(self, threads):
        builders.person("ada", department="IT")
        builders.segment("IT")
        results = [threads(ensure_today) for _ in range(4)]
        assert sorted(result.result(timeout=30) for result in results) == [False, False, False, True]

    def test_of_a_new_day_write_what_expired_once(self, threads):
        yesterday = today() - timedelta(days=1)
        for number in range(20):
            builders.person(f"user-{number}", hired=yesterday)
        condition = {"attribute": "hired", "operator": "in_the_last", "value": 0, "unit": "days"}
        new = builders.segment("New", {"all": [condition]})
        old = builders.segment("Old", {"all": [{"operator": "not_in_segment", "value": "new"}]})
        with time_machine.travel(datetime.combine(yesterday, time(12), get_default_timezone()), tick=False):
            refresh()
        StateVersion.objects.filter(name=versions.DAY).update(number=yesterday.toordinal())
        assert (new.memberships.count(), old.memberships.count()) == (20, 0)

        results = [threads(ensure_today) for _ in range(3)]
        process = start_process("refresh_segments")
        output = process.communicate(timeout=120)
        assert process.returncode == 0, output
        assert [result.result(timeout=60) for result in results].count(True) <= 1
        assert (new.memberships.count(), old.memberships.count()) == (0, 20)
        assert list(new.past_memberships.values_list("end_cause", flat=True)) == ["day"] * 20


class TestProfileAndRefresh:
    def test_a_profile_saved_during_a_refresh_waits_and_wins(self, threads):
        ada = builders.person("ada", department="IT")
        it = builders.segment("IT")
        Membership.objects.all()._raw_delete("default")

        with changing_memberships():
            refresh([it])
            saved = threads(lambda: change(ada.staff.pk, "HR"))
            assert is_waiting(saved)
        saved.result(timeout=30)
        assert members(it) == set()
        assert check() == []

    def test_a_refresh_waits_for_a_profile_that_is_being_saved(self, threads):
        ada = builders.person("ada", department="HR")
        it = builders.segment("IT")
        with transaction.atomic():
            change(ada.staff.pk, "IT")
            refreshed = threads(refresh)
            assert is_waiting(refreshed)
        refreshed.result(timeout=30)
        assert members(it) == {"ada"}
        assert check() == []

    def test_a_text_that_is_tidied_away_just_as_somebody_gets_it_is_found_again(self, threads):
        ada = builders.person("ada", department="Archive")
        archive = builders.segment("Archive")
        Staff.objects.update(department="HR")
        refresh([archive])
        with changing_memberships():
            saved = threads(lambda: change(ada.staff.pk, "Archive"))
            assert is_waiting(saved)
            catch_up()
        saved.result(timeout=30)
        assert members(archive) == {"ada"}
        assert check() == []

    def test_two_saves_of_one_person_are_both_seen(self, threads):
        ada = builders.person("ada", department="HR", last_name="Byron")
        both = {"attribute": "last_name", "operator": "is", "value": "Lovelace"}
        segment = builders.segment(
            "Both", {"all": [{"attribute": "department", "operator": "is", "value": "IT"}, both]}
        )

        def marry():
            ada.last_name = "Lovelace"
            ada.save()

        with transaction.atomic():
            change(ada.staff.pk, "IT")
            married = threads(marry)
            assert is_waiting(married)
        married.result(timeout=30)
        assert members(segment) == {"ada"}


class TestProfileAndSegment:
    def test_a_person_who_moves_while_a_segment_is_made_is_right_in_it(self, threads):
        ada = builders.person("ada", department="IT")
        with transaction.atomic():
            segment = builders.segment("IT")
            assert members(segment) == {"ada"}
            moved = threads(lambda: change(ada.staff.pk, "HR"))
            assert is_waiting(moved)
        moved.result(timeout=30)
        assert members(segment) == set()

    def test_a_segment_that_is_deleted_during_a_refresh_is_no_error(self, threads):
        builders.person("ada", department="IT")
        segment, ready, gone = builders.segment("IT"), Event(), Event()

        def delete():
            with transaction.atomic():
                Segment.objects.get(pk=segment.pk).delete()
                ready.set()
                gone.wait(A_MOMENT)

        deleted = threads(delete)
        assert ready.wait(30)
        assert refresh([segment]) == (0, 0)
        deleted.result(timeout=30)
        assert not Membership.objects.exists()


class TestManySaves:
    def test_at_once_never_wait_for_each_other(self, threads):
        people = [builders.person(f"user-{number}", department="IT") for number in range(8)]
        names = ["IT", "HR", "PR", "R&D"]
        segments = [builders.segment(name) for name in names]

        def wander(person):
            for name in names * 2:
                change(person.staff.pk, name)

        for wandered in [threads(lambda person=person: wander(person)) for person in people]:
            wandered.result(timeout=120)
        assert [segment.size() for segment in segments] == [0, 0, 0, 8]
        assert check() == []


def change(pk, department):
    staff = Staff.objects.get(pk=pk)
    staff.department = department
    staff.save()
