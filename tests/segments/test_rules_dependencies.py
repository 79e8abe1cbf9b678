import pytest

from tests.builders import segment
from wagtail_personalize.segments.rules.dependencies import Named, dependencies, in_order, load_named, segments_named

IT = {"attribute": "department", "operator": "is", "value": "IT"}
NEW = {"attribute": "hired", "operator": "in_the_last", "value": 90, "unit": "days"}
SKILLED = {"attribute": "skills", "operator": "is_set"}


def in_segment(slug):
    return {"operator": "in_segment", "value": slug}


def known(**rules):
    return {slug: Named(None, rule) for slug, rule in rules.items()}


class TestDependencies:
    def test_are_the_attributes_of_all_groups(self):
        found = dependencies({"all": [IT, {"none": [{"attribute": "level", "operator": "is_set"}]}]})

        assert found.mentions == {"department", "level"}
        assert (found.depends_on_date, found.self_chosen, found.segments) == (False, False, set())

    def test_name_the_reporting_line_and_groups_as_changes_do(self):
        rule = {"any": [{"operator": "reports_to", "value": "7"}, {"operator": "not_in_group", "value": "x"}]}

        assert dependencies(rule).mentions == {"reports_to", "in_group"}

    @pytest.mark.parametrize("operator", ["in_the_last", "more_than_ago", "in_the_next", "anniversary_within"])
    def test_include_the_day_for_relative_dates(self, operator):
        assert dependencies({"all": [NEW | {"operator": operator}]}).depends_on_date

    def test_do_not_include_the_day_for_absolute_dates(self):
        rule = {"all": [{"attribute": "hired", "operator": "before", "value": "2026-01-01"}]}

        assert not dependencies(rule).depends_on_date

    def test_know_what_people_choose_themselves(self):
        assert dependencies({"none": [IT, {"any": [SKILLED]}]}).self_chosen

    def test_go_through_segments_that_are_named(self):
        segments = known(one={"all": [NEW, in_segment("two")]}, two={"none": [SKILLED]})
        found = dependencies({"all": [in_segment("one")]}, segments)

        assert found.mentions == {"hired", "skills"}
        assert found.depends_on_date
        assert found.self_chosen
        assert found.segments == {"one", "two"}

    def test_go_round_a_circle_once(self):
        segments = known(one={"all": [NEW, in_segment("two")]}, two={"all": [in_segment("one")]})

        assert dependencies({"all": [in_segment("one")]}, segments).mentions == {"hired"}

    def test_keep_the_names_of_segments_that_do_not_exist(self):
        assert dependencies({"all": [in_segment("gone")]}, {}).segments == {"gone"}

    @pytest.mark.django_db
    def test_read_stored_segments_level_by_level(self, django_assert_num_queries):
        segment("two", {"all": [SKILLED]})
        segment("three", {"all": [NEW]})
        segment("one", {"all": [in_segment("two"), in_segment("three")]})

        with django_assert_num_queries(2):
            assert dependencies({"all": [in_segment("one")]}).mentions == {"hired", "skills"}


class TestInOrder:
    def test_puts_what_is_named_first(self):
        rules = known(a={"all": [in_segment("b"), in_segment("c")]}, b={"all": [in_segment("c")]}, c={"all": [IT]})

        assert in_order(rules) == ["c", "b", "a"]

    def test_leaves_out_circles_and_what_depends_on_them(self):
        rules = known(a={"all": [in_segment("b")]}, b={"all": [in_segment("a")]}, c={"all": [in_segment("a")]})

        assert in_order(rules | known(d={"all": [IT]})) == ["d"]


class TestNamed:
    def test_are_counted_as_often_as_they_are_named(self):
        assert segments_named({"any": [in_segment("a"), {"none": [in_segment("a"), IT]}]}) == ["a", "a"]

    @pytest.mark.django_db
    def test_are_read_from_what_is_given_first(self):
        segment("one", {"all": [IT]})
        given = known(one={"all": [in_segment("two")]})

        assert load_named([{"all": [in_segment("one")]}], given) == given
