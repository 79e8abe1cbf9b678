"""Rules answered for invented people: yes, no, or it cannot be said."""

from datetime import date

import pytest

from tests.builders import segment
from tests.intranet.models import Office, Unit
from wagtail_personalize.people.changes import changed
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.segments.personas.facts import asked_attributes
from wagtail_personalize.segments.personas.matching import Matching

pytestmark = pytest.mark.django_db

UNANSWERABLE = ("in_group", "not_in_group", "reports_to", "not_reports_to")
TODAY = date(2026, 3, 1)


class TestAnswer:
    def answer(self, condition, **values):
        return Matching([values], TODAY).answers({"all": [condition]})[0]

    def test_is_yes_or_no_where_values_tell(self):
        condition = {"attribute": "department", "operator": "is", "value": "Zürich"}
        assert self.answer(condition, department="ZURICH") is True
        assert self.answer(condition, department="Bern") is False

    def test_of_a_missing_value_is_that_of_a_missing_value(self):
        assert self.answer({"attribute": "department", "operator": "is_not", "value": "IT"}) is True
        assert self.answer({"attribute": "department", "operator": "is_empty"}) is True
        assert self.answer({"attribute": "level", "operator": "lt", "value": 3}) is False

    @pytest.mark.parametrize("operator", UNANSWERABLE)
    def test_cannot_be_said_where_they_do_not(self, operator):
        assert self.answer({"operator": operator, "value": "Writers"}, department="IT") is None

    def test_is_no_where_the_rule_means_nobody(self):
        assert self.answer({"operator": "nobody"}) is False

    def test_is_said_all_the_same_where_it_makes_no_difference(self):
        unknown, no = {"operator": "in_group", "value": "x"}, {"attribute": "level", "operator": "is_set"}
        answers = Matching([{}], TODAY).answers
        assert answers({"all": [unknown, no]}) == [False]
        assert answers({"any": [unknown, {"none": [no]}]}) == [True]
        assert answers({"none": [unknown]}) == [None]
        assert answers({"all": [unknown, {"none": [no]}]}) == [None]

    def test_follows_the_day(self):
        condition = {"attribute": "hired", "operator": "in_the_last", "value": 30, "unit": "days"}
        assert self.answer(condition, hired="2026-02-10") is True
        assert self.answer(condition, hired="2026-01-10") is False


class TestWhatFollowsFromAnother:
    def test_is_taken_from_what_is_linked(self):
        Office.objects.create(code="MUC", city="München")
        assert [each.name for each in asked_attributes(get_declaration()) if each.name in ("office", "city")] == [
            "office"
        ]
        rule = {"all": [{"attribute": "city", "operator": "is", "value": "munchen"}]}
        assert Matching([{"office": "MUC"}, {"office": "gone"}, {}], TODAY).answers(rule) == [True, False, False]


class TestTree:
    def test_is_below_all_that_stands_above(self):
        firm = Unit.objects.create(code="firm", name="Firm")
        Unit.objects.create(code="it", name="IT", parent=firm)
        changed()
        rule = {"all": [{"attribute": "unit", "operator": "is_under", "value": ["firm"]}]}
        assert Matching([{"unit": "it"}, {"unit": "firm"}, {"unit": "gone"}, {}], TODAY).answers(rule) == [
            True,
            True,
            False,
            False,
        ]

    def test_asks_the_database_as_often_for_many_people(self, django_assert_num_queries):
        firm = Unit.objects.create(code="firm", name="Firm")
        Unit.objects.create(code="it", name="IT", parent=firm)
        changed()
        rule = {"all": [{"attribute": "unit", "operator": "is_under", "value": ["firm"]}]}
        with django_assert_num_queries(3):
            Matching([{"unit": "it"}], TODAY).answers(rule)
        with django_assert_num_queries(3):
            Matching([{"unit": unit} for unit in ("it", "firm") * 10], TODAY).answers(rule)


class TestSegments:
    def test_are_those_that_certainly_match(self):
        it = segment("IT")
        segment("HR")
        maybe = {"any": [{"operator": "reports_to", "value": "p1"}]}
        segment("Reports", maybe)
        named = segment("Named", {"all": [{"operator": "in_segment", "value": "it"}]})
        assert Matching([{"department": "IT"}], TODAY).segments_of() == [it, named]

    def test_are_never_broken_ones_or_drafts(self):
        segment("IT", live=False)
        segment("Gone", {"any": [{"none": [{"attribute": "unit", "operator": "is", "value": "gone"}]}]})
        segment("Names it", {"none": [{"operator": "in_segment", "value": "it"}]})
        assert Matching([{"department": "IT"}], TODAY).segments_of() == []
