"""Whatever moves people, the page *Joined and left* of the segment tells what it was."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from tests.builders import person, segment
from tests.intranet.models import Staff
from wagtail_personalize.people.changes import changed
from wagtail_personalize.segments.manual import put_on_list
from wagtail_personalize.segments.models import ManualMember, Segment

pytestmark = pytest.mark.django_db

MAPPING = 'match = "no"\n[columns]\ndept = "department"\n'


def joined_and_left(client, one):
    """(name, joined, why) of everything that the page tells, newest first."""
    table = client.get(reverse("personalize_segments:comings", args=[one.pk])).context["table"]
    return [(row.name, row.joined, row.cause) for row in table.data]


def is_(attribute, value):
    return {"all": [{"attribute": attribute, "operator": "is", "value": value}]}


@pytest.fixture
def ada():
    return person("ada", first_name="Ada", last_name="Byron", department="Legal", staff_number="1")


@pytest.fixture
def it(ada):
    return segment("IT", is_("department", "IT"))


def by_a_saved_profile(ada, department, tmp_path):
    ada.staff.department = department
    ada.staff.save()


def by_an_import(ada, department, tmp_path):
    (tmp_path / "mapping.toml").write_text(MAPPING)
    (tmp_path / "people.csv").write_text(f"no,dept\n1,{department}\n")
    call_command("import_people", tmp_path / "people.csv", mapping=tmp_path / "mapping.toml", stdout=StringIO())


def by_a_bulk_update_that_is_told(ada, department, tmp_path):
    Staff.objects.update(department=department)
    changed(Staff.objects.all(), {"department"})


def by_a_bulk_update_that_nobody_told(ada, department, tmp_path):
    Staff.objects.update(department=department)
    call_command("refresh_segments", stdout=StringIO())


class TestCause:
    @pytest.mark.parametrize(
        ("move", "why"),
        [
            (by_a_saved_profile, "profile changed"),
            (by_an_import, "import"),
            (by_a_bulk_update_that_is_told, "many profiles changed"),
            (by_a_bulk_update_that_nobody_told, "found by the refresh"),
        ],
    )
    def test_is_what_changed_the_profile(self, admin_client, ada, it, tmp_path, move, why):
        move(ada, "IT", tmp_path)
        move(ada, "Sales", tmp_path)
        assert joined_and_left(admin_client, it) == [("Ada Byron", False, why), ("Ada Byron", True, why)]

    def test_is_the_rule(self, admin_client, it):
        for department in ("Legal", "Sales"):
            it.rule = is_("department", department)
            it.save()
        why = "rule changed"
        assert joined_and_left(admin_client, it) == [("Ada Byron", False, why), ("Ada Byron", True, why)]

    def test_is_the_list(self, admin_client, ada, it):
        put_on_list(it, [ada], ManualMember.Always.INCLUDE)
        put_on_list(it, [ada], ManualMember.Always.EXCLUDE)
        why = "list of named people changed"
        assert joined_and_left(admin_client, it) == [("Ada Byron", False, why), ("Ada Byron", True, why)]

    def test_is_the_day(self, admin_client, ada):
        rule = {"all": [{"attribute": "hired", "operator": "more_than_ago", "value": 1, "unit": "days"}]}
        ada.staff.hired = timezone.localdate()
        ada.staff.save()
        settled = segment("Settled in", rule)
        call_command("refresh_segments", stdout=StringIO())
        with time_machine.travel(timezone.now() + timedelta(days=3)):
            call_command("refresh_segments", stdout=StringIO())
            assert joined_and_left(admin_client, settled) == [("Ada Byron", True, "a day began")]

    def test_is_what_the_rule_names(self, admin_client, ada):
        crew = Group.objects.create(name="Crew")
        ada.groups.add(crew)
        one = segment("Crew", {"all": [{"operator": "in_group", "value": "Crew"}]})
        crew.name = "Night crew"
        crew.save()
        assert Segment.objects.get(pk=one.pk).broken
        assert joined_and_left(admin_client, one)[0] == ("Ada Byron", False, "something that the rule names changed")
