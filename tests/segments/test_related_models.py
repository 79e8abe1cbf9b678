"""Rules over models that are related to the profile: paths of any length, backwards, and over many."""

import pytest
from django.contrib.auth.models import Group

from tests.builders import person, segment
from tests.intranet.models import Office, Staff
from tests.intranet.people import StaffProfile
from wagtail_personalize.people.attributes import Choice, Link, Many, Number
from wagtail_personalize.segments.checking import check

pytestmark = pytest.mark.django_db


class RelatedProfile(StaffProfile):
    attributes = [
        *StaffProfile.attributes,
        Choice("country", "Country", path="office__country"),
        Choice("boss_city", "City of the manager", path="manager__office__city"),
        Link("boss_office", "Office of the manager", path="manager__office", key="code"),
        Many("team_offices", "Offices of the team", path="reports__office", key="code"),
        Many("team_titles", "Titles in the team", path="reports__job_title"),
        Many("team_skills", "Skills in the team", path="reports__skills", key="name"),
        Many("groups", "Groups", path="user__groups", key="name"),
        Number("boss_level", "Level of the manager", path="manager__level"),
    ]


@pytest.fixture(autouse=True)
def related(settings):
    settings.WAGTAIL_PERSONALIZE = {"PROFILE": f"{__name__}.RelatedProfile"}


def asking(attribute, operator, value):
    return segment(attribute, {"all": [{"attribute": attribute, "operator": operator, "value": value}]})


@pytest.fixture
def munich():
    return Office.objects.create(code="MUC", city="München", country="Germany")


class TestOverForeignKeys:
    def test_members_follow_a_change_of_the_related_object(self, munich):
        kim = person(office=munich)
        german = asking("country", "is", "germany")
        assert list(german.people()) == [kim]
        munich.country = "Austria"
        munich.save()
        assert german.size() == 0

    def test_members_follow_over_two_models(self, munich):
        boss, kim = person(), person()
        kim.staff.manager = boss.staff
        kim.staff.save()
        near = asking("boss_city", "is", "munchen")
        level = asking("boss_level", "gte", 5)
        assert near.size() == 0
        boss.staff.office, boss.staff.level = munich, 5
        boss.staff.save()
        assert list(near.people()) == list(level.people()) == [kim]

    def test_a_missing_object_on_the_way_is_a_missing_value(self, munich):
        kim = person()
        assert list(asking("boss_office", "is_not", "MUC").people()) == [kim]


class TestBackwards:
    def test_members_follow_the_objects_that_point_to_the_profile(self, munich):
        boss, kim = person(), person(office=munich, job_title="Welder")
        here, welders = asking("team_offices", "has_any", ["MUC"]), asking("team_titles", "has_any", ["welder"])
        assert here.size() == 0
        kim.staff.manager = boss.staff
        kim.staff.save()
        assert list(here.people()) == list(welders.people()) == [boss]
        kim.staff.delete()
        assert here.size() == 0

    def test_all_values_may_be_spread_over_several_objects(self):
        boss = person()
        for skill in ("Python", "Welding"):
            person(manager=boss.staff, skills=[skill])
        both = asking("team_skills", "has_all", ["Python", "Welding"])
        assert list(both.people()) == [boss]


class TestOverMany:
    def test_members_follow_the_links(self):
        kim, writers = person(), Group.objects.create(name="Writers")
        writing = asking("groups", "has_any", ["Writers"])
        kim.groups.add(writers)
        assert list(writing.people()) == [kim]
        writers.user_set.clear()
        assert writing.size() == 0


class TestAll:
    def test_stored_is_computed_after_changes_of_every_kind(self, munich):
        boss = person(office=munich, level=3)
        for number in range(5):
            person(manager=boss.staff, office=munich if number % 2 else None, skills=["Python"], job_title=f"T{number}")
        asking("country", "is_not", "Germany")
        asking("boss_level", "lt", 4)
        asking("team_titles", "has_none", ["T1"])
        Staff.objects.filter(job_title="T1").first().delete()
        munich.city = "Munich"
        munich.save()
        boss.staff.level = 9
        boss.staff.save()
        assert not list(check())
