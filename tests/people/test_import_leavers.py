"""Full mode, and the guard against a file that would make too many people leave."""

import pytest
from django.contrib.auth import get_user_model
from django.test import override_settings

from tests.builders import person
from tests.intranet.models import Staff
from tests.people.hr_files import bring_in, counts, hr_file, mapping, staff
from wagtail_personalize.people.importing.leaving import LeaversGuard
from wagtail_personalize.people.importing.models import ImportRun
from wagtail_personalize.people.importing.sources.contract import ImportRefused

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring(tmp_path):
    return lambda text, rules=None, **options: bring_in(hr_file(tmp_path, text), rules, **options)


def everybody(number):
    """So many active people, numbered from 1."""
    users = get_user_model().objects.bulk_create(
        [get_user_model()(username=f"u{n}", password="!") for n in range(1, number + 1)]
    )
    Staff.objects.bulk_create(Staff(user=user, staff_number=str(n)) for n, user in enumerate(users, start=1))


def active():
    return Staff.objects.filter(user__is_active=True).count()


def numbers(first, last):
    return "".join(f"{n}\n" for n in range(first, last + 1))


def leavers(number):
    return "no,left\n" + "".join(f"{n},2020-01-31\n" for n in range(1, number + 1))


class TestFullMode:
    def test_makes_inactive_who_is_not_in_the_file(self, bring):
        everybody(10)
        assert counts(bring("no\n" + numbers(1, 8), mode="full")) == {"unchanged": 8, "left": 2, "absent": 2}
        assert active() == 8

    def test_keeps_whose_line_is_rejected(self, bring):
        everybody(3)
        bring("no,hired\n1,2020-01-31\n2,someday\n2,2020-01-31\n3,2020-01-31,surplus\n", mode="full")
        assert active() == 3

    def test_keeps_staff_superusers_and_people_without_a_staff_number(self, bring):
        person("guest")
        boss = person("boss", staff_number="2")
        get_user_model().objects.filter(pk=boss.pk).update(is_staff=True)
        result = bring("no\n1\n", mode="full")
        assert counts(result) == {"new": 1}
        assert result.notes == ["boss is not in the file but is staff or superuser, and stays active."]

    def test_concludes_nothing_from_lines_that_nobody_can_read(self, bring):
        everybody(3)
        text = 'no,dept\n1,""\n"2,broken\n'
        result = bring(text, mode="full")
        assert counts(result) == {"unchanged": 1, "rejected": 1}
        assert "1 lines do not say whom they are about, so nobody was marked as absent" in result.notes[0]
        assert counts(bring(text, mode="full", allow_leavers=True))["absent"] == 2

    def test_refuses_a_file_that_names_nobody(self, bring):
        everybody(3)
        with pytest.raises(ImportRefused, match="names nobody"):
            bring("no\n", mode="full")
        assert active() == 3

    def test_counts_the_same_in_a_dry_run(self, bring):
        everybody(10)
        text = "no\n" + numbers(3, 12)
        assert bring(text, mode="full", dry_run=True).counts == bring(text, mode="full").counts

    def test_lets_who_returns_come_back(self, bring):
        everybody(3)
        bring("no\n1\n2\n", mode="full")
        assert counts(bring("no\n1\n2\n3\n", mode="full")) == {"unchanged": 2, "changed": 1}
        assert staff("3").user.is_active


class TestLeaversGuard:
    def test_stops_before_anything_is_written(self, bring):
        everybody(100)
        with pytest.raises(LeaversGuard, match=r"20 of 100 active people would become inactive, .* more than 10 %"):
            bring(leavers(20) + "101,\n")
        assert (active(), Staff.objects.count()) == (100, 100)
        assert ImportRun.objects.get().state == "stopped"

    def test_stops_full_mode_too(self, bring):
        everybody(100)
        with pytest.raises(LeaversGuard):
            bring("no,left\n1,2020-01-31\n" + "".join(f"{n},\n" for n in range(21, 101)), mode="full")

    def test_lets_through_what_is_allowed(self, bring):
        everybody(100)
        assert counts(bring(leavers(20), allow_leavers=True)) == {"left": 20}

    @pytest.mark.parametrize(("people", "leaving"), [(100, 19), (200, 20)])
    def test_lets_through_few_people_and_small_shares(self, bring, people, leaving):
        everybody(people)
        assert counts(bring(leavers(leaving))) == {"left": leaving}

    def test_does_not_count_who_left_before(self, bring):
        everybody(100)
        bring(leavers(15))
        assert counts(bring(leavers(25))) == {"unchanged": 15, "left": 10}

    @override_settings(
        WAGTAIL_PERSONALIZE={
            "PROFILE": "tests.intranet.people.StaffProfile",
            "LEAVERS_GUARD_PERCENT": 1,
            "LEAVERS_GUARD_LEAST": 2,
        }
    )
    def test_follows_the_settings(self, bring):
        everybody(100)
        with pytest.raises(LeaversGuard, match="more than 1 %"):
            bring(leavers(2))

    def test_says_in_a_dry_run_that_a_run_would_stop(self, bring):
        everybody(100)
        result = bring(leavers(30), dry_run=True)
        assert counts(result) == {"left": 30}
        assert "30 of 100" in result.would_stop

    def test_needs_a_user_model_with_is_active_only_when_somebody_may_leave(self, bring):
        assert counts(bring("no\n1\n", mapping(leave_date={"column": "left", "optional": True}))) == {"new": 1}
