"""What ``validate`` refuses, and that nothing which can be stored makes anything fail but with ``BrokenRule``."""

import json
from datetime import date
from math import inf, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wagtail_personalize.people.attributes import KINDS
from wagtail_personalize.segments.effective import people_in_rule, problems
from wagtail_personalize.segments.rules.compile import BrokenRule, rule_q
from wagtail_personalize.segments.rules.dependencies import dependencies
from wagtail_personalize.segments.rules.operators import OPERATORS
from wagtail_personalize.segments.rules.schema import Problem, validate
from wagtail_personalize.segments.rules.sentence import sentence

pytestmark = pytest.mark.django_db

IT = {"attribute": "department", "operator": "is", "value": "IT"}


def on(attribute, operator, **rest):
    return {"all": [{"attribute": attribute, "operator": operator, **rest}]}


def nested(depth, innermost=IT):
    rule = innermost
    for _level in range(depth):
        rule = {"any": [rule]}
    return rule


class TestValidate:
    @pytest.mark.parametrize(
        "rule",
        [
            {"all": [IT]},
            nested(6),
            {"all": [IT] * 50},
            on("department", "is_one_of", value=["IT"] * 200),
            on("hired", "in_the_last", value=90, unit="days"),
            on("hired", "in_the_last", value=0, unit="days"),
            on("hired", "between", value=["2026-01-01", "2026-01-01"]),
            on("level", "between", value=[1, 2.5]),
            on("remote", "is", value=False),
            on("unit", "is_under", value=["a", 5]),
            on("job_title", "is_empty"),
            {"none": [{"operator": "reports_to", "value": "7", "depth": "direct"}]},
        ],
    )
    def test_accepts(self, rule):
        assert validate(rule) == []

    @pytest.mark.parametrize(
        ("rule", "said"),
        [
            (None, "no condition"),
            ([], "no condition"),
            ("all", "no condition"),
            ({}, "no condition"),
            (IT, "no condition"),
            ({"all": []}, "no condition"),
            ({"all": None}, "no condition"),
            ({"all": {"0": IT}}, "no condition"),
            ({"all": [{"none": []}]}, "no condition"),
            ({"all": [IT], "any": [IT]}, "all, any, none"),
            ({"all": [IT], "note": 1}, "all, any, none"),
            ({"all": [None]}, "empty"),
            ({"all": [{}]}, "empty"),
            ({"all": ["IT"]}, "empty"),
            (nested(7), "too deeply"),
            ({"all": [IT] * 51}, "at most 50"),
            (on("department", "is_one_of", value=["IT"] * 201), "at most 200"),
            (on("shoe_size", "is", value=1), "no attribute “shoe_size”"),
            (on(None, "is", value=1), "no attribute"),
            (on(["department"], "is", value=1), "no attribute"),
            (on("department", "resembles", value="IT"), "no operator for Department"),
            (on("department", None, value="IT"), "no operator for Department"),
            (on("birthday", "on", value="2000-01-01"), "no operator for Birthday"),
            ({"all": [{"operator": "in_cloud", "value": "9"}]}, "no condition"),
            ({"all": [{"operator": ["in_segment"], "value": "9"}]}, "no condition"),
            ({"all": [{"value": "9"}]}, "no condition"),
            (on("department", "is"), "value is missing"),
            (on("department", "is", value=""), "value is missing"),
            (on("department", "is", value="  "), "value is missing"),
            (on("department", "contains", value="\u0301"), "value is missing"),
            (on("department", "is_one_of", value=[]), "value is missing"),
            (on("department", "is_one_of", value=["IT", ""]), "value is missing"),
            (on("department", "is_one_of", value="IT"), "must be a list"),
            (on("department", "is", value=["IT"]), "must be text"),
            (on("department", "is", value=5), "must be text"),
            (on("department", "is", value="x" * 1001), "too long"),
            (on("department", "is", value="a\0b"), "cannot be stored"),
            (on("department", "is", value="\ud800"), "cannot be stored"),
            (on("department", "is", value="IT", unit="days"), "unit"),
            (on("department", "is_empty", value="IT"), "takes no value"),
            (on("level", "is", value="five"), "must be a number"),
            (on("level", "is", value="1,5"), "must be a number"),
            (on("level", "is", value="1e3"), "must be a number"),
            (on("level", "is", value="٣"), "must be a number"),
            (on("level", "is", value="10000000000000000"), "must be a number"),
            (on("level", "between", value=["10", 9]), "must not be larger"),
            (on("level", "is", value=True), "must be a number"),
            (on("level", "is", value=nan), "must be a number"),
            (on("level", "is", value=-inf), "must be a number"),
            (on("level", "is", value=10**400), "must be a number"),
            (on("level", "between", value=[3, 1]), "larger than the second"),
            (on("level", "between", value=[3]), "from and to"),
            (on("hired", "on", value="31.05.2026"), "must be a date"),
            (on("hired", "on", value="2026-W21-7"), "must be a date"),
            (on("hired", "on", value="2026-02-30"), "must be a date"),
            (on("hired", "on", value="0001-01-01"), "must be a date"),
            (on("hired", "on", value=20260531), "must be a date"),
            (on("hired", "in_the_last", value=90), "days, weeks, months or years"),
            (on("hired", "in_the_last", value=90, unit=["days"]), "days, weeks, months or years"),
            (on("hired", "in_the_last", value=-1, unit="days"), "whole number"),
            (on("hired", "in_the_last", value=1.5, unit="days"), "whole number"),
            (on("hired", "in_the_last", value=10**9, unit="days"), "too large"),
            (on("hired", "anniversary_within", value=13, unit="months"), "too large"),
            (on("remote", "is", value="true"), "yes or no"),
            (on("office", "is", value={"pk": 1}), "from the list"),
            (on("office", "is", value=10**30), "too large"),
            ({"all": [{"operator": "reports_to", "value": "7", "depth": "closely"}]}, "directly"),
        ],
    )
    def test_refuses_with_a_sentence(self, rule, said):
        found = validate(rule)

        assert said in " ".join(problem.sentence for problem in found)
        assert all(problem.sentence.endswith(".") for problem in found)

    def test_says_where(self):
        rule = {"all": [IT, {"none": [IT, {"attribute": "level", "operator": "is", "value": "five"}]}]}

        assert [problem.path for problem in validate(rule)] == [("all", 1, "none", 1)]

    def test_finds_all_problems(self):
        assert len(validate({"all": [{}, IT, {"none": []}, 7]})) == 3

    def test_says_that_no_profiles_are_declared(self, settings):
        settings.WAGTAIL_PERSONALIZE = {}

        assert "has not declared its profiles" in validate({"all": [IT]})[0].sentence

    def test_knows_every_kind_of_attribute(self):
        assert set(OPERATORS) == {*KINDS, "yearless"}


def deep(depth):
    """Nested further than Python can recurse."""
    rule = IT
    for level in range(depth):
        rule = {["all", "any", "none"][level % 3]: [rule]}
    return rule


def wide():
    """Groups of groups, as many as fit."""
    rule = [IT]
    for _level in range(5):
        rule = [{"all": rule}] * 60
    return {"any": rule}


HOSTILE = {
    "deep": deep(100_000),
    "deep in a value": on("department", "is_one_of", value=deep(100_000)),
    "deep in a list": on("department", "is_one_of", value=[deep(100_000)]),
    "wide": wide(),
    "many empty groups": {"all": [{"all": []}] * 1_000_000},
    "many nothings": {"all": [None] * 1_000_000},
    "a long list": on("department", "is_one_of", value=["x"] * 1_000_000),
    "a long text": on("department", "is", value="x" * 1_000_000),
    "a long attribute": on("x" * 1_000_000, "is", value="x"),
    "a long operator": on("department", "x" * 1_000_000, value="x"),
    "a long key": on("office", "is", value="x" * 1_000_000),
    "a long segment": {"all": [{"operator": "in_segment", "value": "x" * 1_000_000}]},
    "a long extra": {"all": [IT | {"x" * 1_000_000: 1}]},
    "a huge number": on("level", "is", value=10**5000),
    "a huge attribute": on(10**5000, "is", value=1),
    "a huge key": on("office", "is", value=10**5000),
    "a huge key in text": on("office", "is", value="9" * 500),
    "a huge person": {"all": [{"operator": "reports_to", "value": "9" * 500}]},
    "NUL in a name": {"all": [{"operator": "in_group", "value": "a\0"}, {"operator": "in_segment", "value": "\0"}]},
    "NUL in an attribute": on("a\0", "is", value="x"),
    "half a character": {"none": [{"operator": "in_segment", "value": "\ud800"}, *on("\ud800", "is")["all"]]},
}


class TestHostileRules:
    @pytest.mark.parametrize("name", HOSTILE)
    def test_are_refused_and_readable(self, name):
        rule = HOSTILE[name]

        assert validate(rule) or "does not exist" in problems(rule)[0].sentence
        with pytest.raises(BrokenRule):
            people_in_rule(rule)
        assert len(sentence(rule)) < 50_000
        dependencies(rule)

    def test_have_few_problems(self):
        assert all(len(validate(rule)) < 500 for rule in HOSTILE.values())

    def test_have_problems_that_can_be_shown(self):
        assert all(len(str(problem)) < 500 for rule in HOSTILE.values() for problem in validate(rule))


words = st.sampled_from([
    "all", "any", "none", "attribute", "operator", "value", "unit", "depth", "department", "level", "hired", "office",
    "skills", "remote", "is", "is_one_of", "between", "in_the_last", "has_all", "is_under", "in_segment", "in_group",
    "reports_to", "days", "2026-05-31", "x",
])  # fmt: skip
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words | st.text(max_size=5),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(words, children, max_size=4),
    max_leaves=20,
)
conditions = st.fixed_dictionaries(
    {"operator": words | json_values},
    optional={"attribute": words | json_values, "value": json_values, "unit": words, "depth": words},
)


class TestAnyJson:
    @given(rule=json_values | st.fixed_dictionaries({"all": st.lists(conditions, max_size=3)}))
    @settings(max_examples=300, deadline=None)
    def test_compiles_or_is_broken(self, rule):
        found = validate(rule)
        assert all(isinstance(problem, Problem) and problem.sentence for problem in found)
        assert isinstance(sentence(rule), str)
        json.dumps(sorted(dependencies(rule).mentions)).encode()
        assert broken(rule) or found == []


def broken(rule):
    try:
        rule_q(rule, date(2026, 3, 1))
    except BrokenRule as broken:
        return broken.sentence
