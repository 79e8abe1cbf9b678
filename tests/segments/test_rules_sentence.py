import pytest
from django.contrib.auth.models import Group
from django.utils.html import escape

from tests.builders import person
from tests.intranet.models import Office, Skill, Unit
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.rules.conditions import all_types
from wagtail_personalize.segments.rules.operators import OPERATORS
from wagtail_personalize.segments.rules.sentence import sentence

pytestmark = pytest.mark.django_db

IT = {"attribute": "department", "operator": "is", "value": "IT"}
NEXT = {"value": 2, "unit": "weeks"}
LAW = {"attribute": "department", "operator": "is", "value": "Law"}


def on(attribute, operator, **rest):
    return sentence({"all": [{"attribute": attribute, "operator": operator, **rest}]})


class TestGroups:
    @pytest.mark.parametrize(
        ("rule", "expected"),
        [
            ({"all": [IT]}, "Department is IT"),
            ({"all": [IT, LAW]}, "Department is IT, and Department is Law"),
            ({"any": [IT, LAW]}, "Department is IT, or Department is Law"),
            ({"none": [IT]}, "Not: Department is IT"),
            ({"none": [IT, LAW]}, "None of: Department is IT; Department is Law"),
            ({"all": [IT, {"any": [IT, LAW]}]}, "Department is IT, and (Department is IT, or Department is Law)"),
            (
                {"all": [{"any": [IT]}, {"none": [IT, LAW]}]},
                "Department is IT, and none of (Department is IT; Department is Law)",
            ),
        ],
    )
    def test_read_as_they_mean(self, rule, expected):
        assert sentence(rule) == expected


class TestConditions:
    @pytest.mark.parametrize(
        ("attribute", "operator", "rest", "expected"),
        [
            ("department", "is_one_of", {"value": ["IT", "Law", "HR"]}, "Department is IT, Law or HR"),
            ("department", "is_none_of", {"value": ["IT", "Law"]}, "Department is none of IT or Law"),
            ("department", "is_set", {}, "Department is set"),
            ("last_name", "contains", {"value": "son"}, "Last name contains “son”"),
            ("last_name", "is_one_of", {"value": ["A", "B"]}, "Last name is “A” or “B”"),
            ("level", "gte", {"value": 3}, "Level is at least 3"),
            ("level", "between", {"value": [1, 2.5]}, "Level is between 1 and 2.5"),
            ("hired", "on", {"value": "2026-05-31"}, "Hire date is on May 31, 2026"),
            ("hired", "in_the_last", {"value": 90, "unit": "days"}, "Hire date is in the last 90 days"),
            ("hired", "more_than_ago", {"value": 1, "unit": "years"}, "Hire date is more than 1 year ago"),
            (
                "birthday",
                "anniversary_within",
                {"value": 1, "unit": "weeks"},
                "Birthday comes round within the next 1 week",
            ),
            ("remote", "is", {"value": True}, "Works remotely: yes"),
        ],
    )
    def test_read_with_their_value(self, attribute, operator, rest, expected):
        assert on(attribute, operator, **rest) == expected

    def test_show_labels_of_objects(self):
        Office.objects.create(code="MUC", city="München")
        Unit.objects.create(code="it", name="Information technology")
        Skill.objects.create(name="SQL")
        Skill.objects.create(name="Python")

        assert on("office", "is", value="MUC") == "Office is München"
        assert on("unit", "is_under", value=["it"]) == "Unit is or is below Information technology"
        assert on("skills", "has_all", value=["SQL", "Python"]) == "Skills include SQL and Python"
        assert on("skills", "has_none", value=["SQL", "Python"]) == "Skills include none of SQL or Python"

    def test_name_segments_groups_and_people(self):
        Segment.objects.create(name="New joiners", slug="new", rule={"all": [IT]})
        Group.objects.create(name="Shop floor")
        ada = person("ada", staff_number="7", last_name="Lovelace")
        person(manager=ada.staff)

        def read(**condition):
            return sentence({"all": [condition]})

        assert read(operator="in_segment", value="new") == "Is in segment “New joiners”"
        assert read(operator="not_in_segment", value="new") == "Is not in segment “New joiners”"
        assert read(operator="in_group", value="Shop floor") == "Belongs to group “Shop floor”"
        assert read(operator="reports_to", value="7", depth="direct") == "Reports directly to “Lovelace”"
        assert read(operator="reports_to", value=str(ada.pk)) == "Reports to “Lovelace”, directly or over others"

    def test_list_ten_values_and_count_the_others(self):
        text = on("department", "is_one_of", value=[f"D{number}" for number in range(30)])

        assert text.endswith("D8, D9 or 20 more")

    def test_can_be_read_in_every_registered_form(self):
        for kind, operators in OPERATORS.items():
            for operator in operators.values():
                assert operator.phrase % {"attribute": kind, "value": "x"}
        for condition in all_types().values():
            assert condition.phrase % {"value": "x"}


class TestBrokenParts:
    @pytest.mark.parametrize(
        ("condition", "expected"),
        [
            ({"attribute": "shoe_size", "operator": "is", "value": 9}, "There is no attribute “shoe_size”"),
            ({"attribute": "level", "operator": "rhymes", "value": 9}, "“rhymes” is no operator for Level"),
            ({"attribute": "office", "operator": "is", "value": "MUC"}, "Office is (does not exist: “MUC”)"),
            ({"operator": "in_segment", "value": "new"}, "in segment (does not exist: “new”)"),
            ({"operator": "not_in_group", "value": "new"}, "belong to group (does not exist: “new”)"),
            ({"operator": "reports_to", "value": "new"}, "eports to (does not exist: “new”)"),
            ({"operator": "in_segment"}, "in segment (a value is missing)"),
            ({"attribute": "level", "operator": "gt"}, "Level is more than (a value is missing)"),
            ({"attribute": "hired", "operator": "in_the_last", "value": 3}, "in the last (a value is missing)"),
            ({}, "(a condition is missing)"),
            ({"any": []}, "(a condition is missing)"),
        ],
    )
    def test_are_said_in_their_place(self, condition, expected):
        assert expected in sentence({"all": [condition]})

    @pytest.mark.parametrize("rule", [None, {}, [], IT])
    def test_no_rule_is_said_too(self, rule):
        assert sentence(rule) == "The rule has no condition."


class TestQueries:
    def test_do_not_grow_with_the_values(self, django_assert_num_queries):
        for number in range(30):
            Office.objects.create(code=f"O{number}", city=f"City {number}")
            Skill.objects.create(name=f"S{number}")
        offices = {"attribute": "office", "operator": "is_one_of", "value": [f"O{number}" for number in range(30)]}
        skills = {"attribute": "skills", "operator": "has_any", "value": [f"S{number}" for number in range(30)]}

        with django_assert_num_queries(4):
            sentence({"all": [offices, skills, {"none": [offices, skills]}]})


def test_a_sentence_is_plain_text_for_templates_to_escape():
    assert "<script>" not in escape(on("department", "is", value="<script>alert(1)</script>"))
