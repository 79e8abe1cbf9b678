"""Rules go through the rule builder without loss, whatever they are."""

import json

import pytest
from django.http import QueryDict
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import user
from tests.drawn import tries
from tests.segments.declared import NAME
from tests.segments.editing import editor_with, rule_data
from tests.segments.test_rules_meaning import WRITTEN_NUMBERS, rules
from tests.segments.test_rules_schema import conditions as odd_conditions
from tests.segments.test_rules_schema import deep, json_values
from wagtail_personalize.segments.admin.builder.conversion import GROUP, STORED, from_blocks, to_blocks
from wagtail_personalize.segments.admin.builder.fields import builder_for
from wagtail_personalize.segments.admin.builder.subjects import all_subjects

pytestmark = pytest.mark.django_db

IT = {"attribute": "department", "operator": "is", "value": "IT"}


@pytest.fixture(scope="module")
def wide():
    with override_settings(WAGTAIL_PERSONALIZE={"PROFILE": NAME}):
        yield


class Anybody:
    """A user who may do everything, without a database."""

    def has_perm(self, name):
        return True


def sent(rule):
    """What arrives when the builder that shows ``rule`` is sent as it is."""
    builder = builder_for(Anybody())
    data = QueryDict(mutable=True)
    data.update(rule_data(Anybody(), rule))
    value = builder.widget.value_from_datadict(data, {}, "rule")
    return builder.read(builder.block.clean(value))


def blocks(rule, subjects=None):
    return to_blocks(rule, subjects or all_subjects())


def types(raw):
    return [child["type"] for child in raw["items"]]


def with_numbers(item):
    """The same rule with numbers that are written as text as the numbers that the builder sends."""
    if isinstance(item, list):
        return [with_numbers(each) for each in item]
    if isinstance(item, dict):
        return {key: with_numbers(value) for key, value in item.items()}
    return json.loads(item) if item in WRITTEN_NUMBERS else item


class TestRoundTrip:
    @given(rule=rules)
    @settings(max_examples=tries(150), deadline=None)
    def test_a_rule_that_is_sent_back_unchanged_is_unchanged(self, wide, rule):
        rule = with_numbers(rule)
        assert sent(rule) == rule
        assert json.dumps(sent(rule), sort_keys=True) == json.dumps(rule, sort_keys=True)

    @pytest.mark.parametrize(("written", "number"), [("2", 2), ("-1.50", -1.5)])
    def test_a_number_written_as_text_comes_back_as_a_number(self, wide, written, number):
        condition = {"attribute": "level", "operator": "between"}
        assert sent({"all": [{**condition, "value": [written, 7]}]}) == {"all": [{**condition, "value": [number, 7]}]}

    @given(rule=rules)
    @settings(max_examples=tries(50), deadline=None)
    def test_a_valid_rule_needs_no_stored_part(self, wide, rule):
        assert STORED not in json.dumps(blocks(rule))

    @given(items=st.lists(odd_conditions | json_values, max_size=4), kind=st.sampled_from(["all", "any", "none"]))
    @settings(max_examples=tries(150), deadline=None)
    def test_what_is_broken_is_kept_as_it_is(self, wide, items, kind):
        rule = json.loads(json.dumps({kind: items}))

        kept = from_blocks(blocks(rule), all_subjects())

        assert json.dumps(kept, sort_keys=True) == json.dumps(rule, sort_keys=True)

    def test_reports_to_without_a_depth_becomes_its_default(self):
        rule = {"all": [{"operator": "reports_to", "value": "ada"}]}

        assert from_blocks(blocks(rule), all_subjects()) == {
            "all": [{"operator": "reports_to", "value": "ada", "depth": "any"}]
        }


class TestShownAsStored:
    @pytest.mark.parametrize(
        "item",
        [
            {"attribute": "gone", "operator": "is", "value": "x"},
            {"attribute": "department", "operator": "resembles", "value": "x"},
            {"attribute": "department", "operator": "is", "value": ["x"]},
            {"attribute": "department", "operator": "is", "value": "x", "note": "mine"},
            {"attribute": "level", "operator": "is", "value": True},
            {"attribute": "level", "operator": "is", "value": "five"},
            {"attribute": "hired", "operator": "on", "value": "yesterday"},
            {"all": [], "any": []},
            {"all": "everybody"},
            "nonsense",
            None,
        ],
    )
    def test_a_part_that_no_block_can_say(self, item):
        assert types(blocks({"all": [item]})) == [STORED]

    def test_groups_deeper_than_a_rule_may_be(self):
        raw = blocks(deep(8))
        levels = 0
        while types(raw) == [GROUP]:
            raw, levels = raw["items"][0]["value"], levels + 1

        assert (levels, types(raw)) == (5, [STORED])

    def test_conditions_on_what_the_editor_may_not_ask_about(self):
        rule = {"all": [IT, {"attribute": "motto", "operator": "is_set"}]}
        subjects = builder_for(editor_with("change_segment")).subjects

        assert types(blocks(rule, subjects)) == ["attribute_department", STORED]

    def test_a_rule_that_is_no_group_at_all(self):
        assert types(blocks(IT)) == [STORED]
        assert types(blocks({})) == []


class TestSubjects:
    def test_each_attribute_and_each_condition_type_is_one(self):
        found = all_subjects()

        assert {"attribute_department", "attribute_unit", "attribute_birthday"} <= found.keys()
        assert found["condition_in_segment"].operators.keys() == {"in_segment", "not_in_segment"}
        assert found["condition_reports_to"].source == "manager"

    def test_offer_only_operators_that_fit(self):
        assert set(all_subjects()["attribute_birthday"].operators) == {"anniversary_within", "is_empty", "is_set"}

    def test_show_every_usual_operator(self):
        for subject in all_subjects().values():
            assert set(subject.usual) <= set(subject.operators)


class TestPageWeight:
    def test_a_condition_costs_little_although_it_stands_on_six_levels(self):
        builder = builder_for(Anybody())

        assert len(builder.packed) / len(builder.subjects) < 3_500

    def test_is_made_once(self):
        assert builder_for(Anybody()) is builder_for(user(is_superuser=True))
