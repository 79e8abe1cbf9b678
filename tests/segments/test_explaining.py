"""Why somebody is in a segment: a tree that says the same as the definition."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from tests.builders import person, segment, user
from tests.intranet.models import Unit
from wagtail_personalize.people.origins.writing import set_by
from wagtail_personalize.segments.explaining.explanation import explain, explain_all
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.rules import conditions
from wagtail_personalize.segments.rules.conditions import ConditionType

pytestmark = pytest.mark.django_db

IT = {"attribute": "department", "operator": "is", "value": "IT"}
IN_ONE, IN_OTHER = ({"operator": "in_segment", "value": slug} for slug in ("one", "other"))
NONSENSE = [
    *(None, [], {}, {"all": None}, {"all": [None, 3, {"value": 1}]}),
    {"all": [{"operator": "in_segment", "value": []}]},
    {"all": [{"operator": ["in_segment"], "attribute": {}}]},
    {"any": [IN_ONE]},
]
SENIOR = {"attribute": "level", "operator": "gte", "value": 4}


def leaves(reason):
    """The statements of a tree that rest on nothing else."""
    return [leaf for part in reason.parts for leaf in leaves(part)] if reason.parts else [reason]


def lines(reason, depth=0):
    """A tree as text, for reading in a test."""
    told = f"{'  ' * depth}{reason.text} {reason.verdict}"
    return [told, *(line for part in reason.parts for line in lines(part, depth + 1))]


class TestTree:
    def test_says_of_each_condition_whether_it_holds(self):
        anna = person(department="IT", level=3)
        told = explain(segment("Heads", {"all": [IT, {"any": [SENIOR, {"none": [IT]}]}]}), anna)
        assert not told.is_in
        assert lines(told.because) == [
            "Heads no",
            "  All of these: no",
            "    Department is IT yes",
            "    At least one of these: no",
            "      Level is at least 4 no",
            "      None of these: no",
            "        Department is IT yes",
        ]

    def test_shows_the_actual_value_and_who_set_it(self):
        anna = person(department="IT", level=3)
        with set_by("self"):
            anna.staff.motto = "Go on"
            anna.staff.save()
        rule = {"all": [SENIOR, {"attribute": "motto", "operator": "contains", "value": "go"}]}
        level, motto = leaves(explain(segment("Heads", rule), anna).because)
        assert (level.holds, level.value) == (False, "3")
        assert level.origin.startswith("administration, on ")
        assert (motto.holds, motto.value) == (True, "Go on")
        assert motto.origin.startswith("the person, on ")
        assert leaves(explain(segment("Me", rule), anna, own=True).because)[1].origin.startswith("you, on ")

    def test_says_that_a_value_is_missing(self):
        rule = {"all": [{"attribute": "level", "operator": "is_not", "value": 4}]}
        (level,) = leaves(explain(segment("Others", rule), person()).because)
        assert (level.holds, level.value, level.origin) == (True, "(empty)", "")

    def test_counts_days_from_the_day_that_is_asked_about(self):
        anna = person(hired="2026-03-01")
        new = segment("New", {"all": [{"attribute": "hired", "operator": "in_the_last", "value": 90, "unit": "days"}]})
        assert explain(new, anna, date(2026, 3, 31)).is_in
        assert not explain(new, anna, date(2026, 8, 1)).is_in

    def test_names_groups_and_managers(self):
        boss, anna = person("boss", first_name="Bea", last_name="Boss"), person()
        anna.staff.manager = boss.staff
        anna.staff.save()
        anna.groups.add(Group.objects.create(name="Writers"))
        rule = {"any": [{"operator": "in_group", "value": "Writers"}, {"operator": "reports_to", "value": "boss"}]}
        in_group, reports_to = leaves(explain(segment("Some", rule), anna).because)
        assert (in_group.holds, in_group.value) == (True, "Writers")
        assert (reports_to.holds, reports_to.value) == (True, "Bea Boss")
        assert reports_to.origin.startswith("administration, on ")

    def test_takes_named_segments_apart_once(self):
        segment("IT")
        named = [{"operator": "in_segment", "value": "it"}, {"operator": "not_in_segment", "value": "it"}]
        told = explain(segment("Both", {"any": named}), person(department="IT"))
        first, second = told.because.parts[0].parts
        assert [line.strip() for line in lines(first)] == [
            "Is in segment “IT” yes",
            "Department is IT yes",
        ]
        assert (second.holds, second.parts, second.note) == (False, [], "explained further up")


class TestLists:
    def test_are_reasons_whatever_the_conditions_say(self):
        it, anna, ben = segment("IT"), person(), person(department="IT")
        it.always_include([anna])
        it.always_exclude([ben])
        included, excluded = explain(it, anna), explain(it, ben)
        assert (included.is_in, excluded.is_in) == (True, False)
        assert "always in it" in included.because.parts[0].text
        assert "never in it" in excluded.because.parts[0].text

    def test_count_in_named_segments_too(self):
        it, anna = segment("IT"), person()
        it.always_include([anna])
        told = explain(segment("Also", {"all": [{"operator": "in_segment", "value": "it"}]}), anna)
        assert told.is_in
        assert "always in it" in told.because.parts[0].parts[0].text


class TestObstacle:
    def test_is_being_inactive(self):
        told = explain(segment("IT"), person(department="IT", active=False))
        assert not told.is_in
        assert told.obstacle == "Who is not active any more is in no segment."

    def test_is_having_no_profile(self):
        told = explain(segment("None", {"none": [IT]}), user())
        assert not told.is_in
        assert told.obstacle == "Without a profile nobody is in any segment."

    def test_is_a_draft(self):
        it = segment("IT", live=False)
        told = explain(it, person(department="IT"))
        assert not told.is_in
        assert "is a draft" in told.obstacle

    def test_is_a_broken_rule_and_the_condition_is_marked(self):
        Unit.objects.create(code="it", name="IT")
        it = segment("IT", {"any": [IT, {"attribute": "unit", "operator": "is", "value": "it"}]})
        Unit.objects.all().delete()
        told = explain(it, person(department="IT"))
        good, bad = leaves(told.because)
        assert (told.is_in, good.holds, bad.holds) == (False, True, None)
        assert told.obstacle == bad.note
        assert "does not exist" in bad.note

    @pytest.mark.parametrize("rule", NONSENSE)
    def test_is_any_stored_nonsense(self, rule):
        told = explain(Segment(name="Odd", slug="odd", rule=rule), person())
        assert not told.is_in
        assert told.obstacle

    def test_is_a_circle(self):
        one, other = (
            segment("One", {"all": [IT]}),
            segment("Other", {"all": [{"operator": "in_segment", "value": "one"}]}),
        )
        Segment.objects.filter(pk=one.pk).update(rule={"any": [IT, {"operator": "in_segment", "value": "other"}]})
        one.refresh_from_db()
        for each in (one, other):
            told = explain(each, person(department="IT"))
            assert not told.is_in
            assert "circle" in told.obstacle

    def test_is_a_site_without_profiles(self, settings):
        settings.WAGTAIL_PERSONALIZE = {}
        told = explain(Segment(name="IT", slug="it", rule={"all": [IT]}), user())
        assert not told.is_in
        assert "has not declared" in told.obstacle


class TestOwnConditionType:
    @pytest.fixture
    def trained(self, monkeypatch):
        class Trained(ConditionType):
            operator, label, phrase = "trained", "has done the training", "has done the training"

            def q(self, condition, compiler):
                return Q(level__isnull=False) & Q(level__gte=3)

            def actual(self, person_id):
                return "on 3 March"

        monkeypatch.setitem(conditions._all(), "trained", Trained())

    def test_is_answered_by_its_q_and_says_what_is_so(self, trained):
        rule = {"all": [{"operator": "trained"}]}
        done = segment("Trained", rule)
        yes, no = (leaves(explain(done, person(level=level)).because)[0] for level in (3, 2))
        assert (yes.text, yes.holds, yes.value, no.holds) == ("Has done the training", True, "on 3 March", False)


class TestQueries:
    def _asked(self, number):
        values = [{"attribute": "level", "operator": "is", "value": level} for level in range(number)]
        values += [{"attribute": "department", "operator": "is", "value": str(level)} for level in range(number)]
        return segment(f"Levels {number}", {"any": values})

    def test_do_not_depend_on_the_number_of_conditions(self, django_assert_num_queries):
        few, many, anna = self._asked(1), self._asked(24), person(level=1)
        with CaptureQueriesContext(connection) as captured:
            explain(few, anna)
        with django_assert_num_queries(len(captured)):
            explain(many, anna)
        assert len(captured) <= 6

    def test_do_not_depend_on_the_number_of_segments(self, django_assert_num_queries):
        anna = person(level=1)
        segments = [
            segment(f"S{level}", {"any": [{"attribute": "level", "operator": "is", "value": level}]})
            for level in range(30)
        ]
        with CaptureQueriesContext(connection) as captured:
            explain_all(segments[:1], anna)
        with django_assert_num_queries(len(captured)):
            told = explain_all(segments, anna)
        assert [each.is_in for each in told] == [level == 1 for level in range(30)]
