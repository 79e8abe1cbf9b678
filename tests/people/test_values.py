from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from tests.builders import person, user
from tests.intranet.models import Office, Skill
from tests.intranet.people import StaffProfile
from wagtail_personalize.people.attributes import Choice, Date, Number, Tree
from wagtail_personalize.people.closure import rebuild_tree
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.people.employees.models import EmployeeProfile
from wagtail_personalize.people.models import TreePath
from wagtail_personalize.people.values import choices_for, display_value, value_of, value_to_rule

pytestmark = pytest.mark.django_db


def attribute(name):
    return get_declaration().get(name)


class TestValueOf:
    def test_nobody_is_nothing(self):
        assert value_of(None, attribute("department")) is None
        assert value_of(None, attribute("skills")) == []

    def test_an_empty_profile_is_nothing(self):
        staff = person().staff
        values = {a.name: value_of(staff, a) for a in get_declaration().attributes}
        assert values.pop("skills") == []
        assert set(values.values()) == {None}

    def test_follows_paths(self):
        munich = Office.objects.create(code="muc", city="Munich")
        staff = person(last_name="Weber", office=munich, skills=["Chess"], remote=False, level=0).staff
        expected = {"last_name": "Weber", "office": munich, "city": "Munich", "remote": False, "level": 0}
        assert {name: value_of(staff, attribute(name)) for name in expected} == expected
        assert value_of(staff, attribute("skills")) == [Skill.objects.get()]

    def test_of_a_moment_is_its_local_day(self):
        someone = person()
        someone.date_joined = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
        joined = Date("joined", "Joined", path="user__date_joined")
        assert value_of(someone.staff, joined) == date(2026, 7, 1)


class TestDisplayValue:
    def test_speaks_the_language_of_the_reader(self):
        staff = person(remote=True, hired=date(2020, 1, 31), birthday=date(2000, 5, 1), level=1234).staff
        with translation.override("de"):
            assert display_value(staff, attribute("hired")) == "31. Januar 2020"
            assert display_value(staff, attribute("birthday")) == "1. Mai"
            assert display_value(staff, Number("level", "Level", unit="€")) == "1234 €"
        with translation.override("en"):
            assert display_value(staff, attribute("remote")) == "Yes"

    def test_lists_many_in_order(self):
        staff = person(skills=["chess", "Ärger", "Zen"]).staff
        assert display_value(staff, attribute("skills")) == "Ärger, chess, Zen"


class TestChoicesFor:
    def test_are_the_texts_that_occur_once_per_folded_form(self):
        for text in ("Zürich", "ZÜRICH", "Bern", "", "Genève"):
            person(department=text)
        assert [label for _, label in choices_for(attribute("department"))] in (
            ["Bern", "Genève", "Zürich"],
            ["Bern", "Genève", "ZÜRICH"],
        )

    def test_are_found_folded_and_limited(self):
        for text in ("Zürich", "Zurzach", "Bern"):
            person(department=text)
        assert len(choices_for(attribute("department"), "ZUR")) == 2
        assert len(choices_for(attribute("department"), "zür", limit=1)) == 1
        assert choices_for(attribute("department"), "%") == []

    def test_of_links_are_keys_with_names(self):
        Office.objects.create(code="muc", city="München")
        assert choices_for(attribute("office"), "munch") == [("muc", "München")]
        assert value_to_rule(Office.objects.get(), attribute("office")) == "muc"

    def test_of_declared_choices_are_those(self, settings):
        settings.WAGTAIL_PERSONALIZE = {
            "PROFILE": "wagtail_personalize.people.employees.declaration.EmployeeDeclaration"
        }
        assert choices_for(attribute("work_mode"), "rem") == [("remote", "Remote")]

    def test_of_yes_and_no_are_two_and_of_numbers_none(self):
        assert choices_for(attribute("remote")) == [("true", "Yes"), ("false", "No")]
        assert choices_for(attribute("level")) == []


class CollectionProfile(StaffProfile):
    """A tree of another making: treebeard's materialised paths, over two links."""

    model = "personalize_employees.EmployeeProfile"
    attributes = [
        Tree("collection", "Collection", path="photo__collection", purpose="…"),
        Choice("level", "Level", purpose="…"),
    ]


class TestMaterialisedPaths:
    @pytest.fixture(autouse=True)
    def declaration(self, settings):
        settings.WAGTAIL_PERSONALIZE = {"PROFILE": f"{__name__}.CollectionProfile"}

    def test_make_a_tree(self):
        from wagtail.models import Collection

        root = Collection.get_first_root_node()
        photos = root.add_child(name="Photos")
        portraits = photos.add_child(name="Portraits")
        rebuild_tree(attribute("collection"))
        paths = TreePath.objects.filter(tree="wagtailcore.collection")
        assert set(paths.filter(descendant=str(portraits.pk)).values_list("ancestor", "depth")) == {
            (str(root.pk), 2),
            (str(photos.pk), 1),
            (str(portraits.pk), 0),
        }

    def test_may_lead_nowhere_and_numbers_may_be_choices(self):
        profile = EmployeeProfile.objects.create(user=user(), level=3)
        assert value_of(profile, attribute("collection")) is None
        assert choices_for(attribute("level")) == [("3", "3")]
