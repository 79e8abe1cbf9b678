from datetime import timedelta

import pytest
import time_machine
from django.core.checks import run_checks
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone, translation

from tests.builders import person, user
from wagtail_personalize.privacy.audit import log_names_seen
from wagtail_personalize.privacy.limits import take_live_size
from wagtail_personalize.privacy.models import LookAt
from wagtail_personalize.privacy.sizes import rounded_size, shown_size
from wagtail_personalize.privacy.spreadsheets import neutral

pytestmark = pytest.mark.django_db


class TestSizes:
    @pytest.mark.parametrize(
        ("count", "shown"),
        [
            (0, "fewer than 5 people"),
            (4, "fewer than 5 people"),
            (5, "at least 5 people"),
            (1284, "at least 1,280 people"),
        ],
    )
    def test_without_the_permission_are_rounded_down(self, count, shown):
        assert shown_size(count, exact=False) == shown

    @pytest.mark.parametrize(("count", "shown"), [(0, "0 people"), (1, "1 person"), (1284, "1,284 people")])
    def test_with_the_permission_are_exact(self, count, shown):
        assert shown_size(count, exact=True) == shown

    def test_follow_the_locale(self):
        with translation.override("de"):
            assert "1.284" in shown_size(1284, exact=True)

    def test_a_higher_floor_rounds_more(self):
        with override_settings(WAGTAIL_PERSONALIZE={"FLOOR": 10}):
            assert rounded_size(1284) == 1280
            assert shown_size(9, exact=False) == "fewer than 10 people"


class TestFloor:
    def test_below_five_fails_the_system_check(self):
        with override_settings(WAGTAIL_PERSONALIZE={"FLOOR": 4}):
            assert "personalize_privacy.E001" in {message.id for message in run_checks()}

    def test_ten_passes(self):
        with override_settings(WAGTAIL_PERSONALIZE={"FLOOR": 10, "PROFILE": "tests.intranet.people.StaffProfile"}):
            assert "personalize_privacy.E001" not in {message.id for message in run_checks()}


class TestLiveSizes:
    def test_are_limited_per_person(self):
        ann, ben = user(), user()
        with override_settings(WAGTAIL_PERSONALIZE={"LIVE_SIZES": 3}):
            assert [take_live_size(ann) for _ in range(4)] == [True, True, True, False]
            assert take_live_size(ben)

    def test_come_back_after_ten_minutes(self):
        ann = user()
        with override_settings(WAGTAIL_PERSONALIZE={"LIVE_SIZES": 1}):
            assert take_live_size(ann)
            with time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=1)):
                assert take_live_size(ann)


class TestLooks:
    def test_say_who_saw_whom(self):
        editor, ann, ben = user(), person(), person()
        look = log_names_seen(editor, "Segment: IT", [ann, ben.pk])
        assert look.actor == editor
        assert set(look.persons.all()) == {ann, ben}

    def test_are_purged_after_twelve_months(self, capsys):
        editor, ann = user(), person()
        with time_machine.travel(timezone.now() - timedelta(days=366)):
            log_names_seen(editor, "old", [ann])
        kept = log_names_seen(editor, "new", [ann])
        call_command("purge_audit")
        assert list(LookAt.objects.all()) == [kept]


class TestExports:
    @pytest.mark.parametrize("cell", ["=1+1", "+49", "-2", "@SUM(A1)", "\t=1", "  =1", "＝1", "|cmd"])
    def test_hold_no_formula(self, cell):
        assert neutral(cell) == f"'{cell}"

    @pytest.mark.parametrize("cell", ["Ada", "", "a=b", 17, None])
    def test_leave_everything_else(self, cell):
        assert neutral(cell) == cell
