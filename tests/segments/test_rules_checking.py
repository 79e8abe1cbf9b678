"""A rule is found out to mean something, or nothing, without being compiled: exactly as compiling would find out."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.drawn import tries
from tests.segments import world
from tests.segments.test_rules_meaning import KEYS, SEGMENTS, conditions, groups_of, selected
from wagtail_personalize.segments.effective import Definitions
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.rules.broken import BrokenRule
from wagtail_personalize.segments.rules.dependencies import Named
from wagtail_personalize.segments.rules.nesting import nesting

pytestmark = pytest.mark.django_db

NAMING = {"in_segment", "not_in_segment", "in_group", "not_in_group", "reports_to", "not_reports_to"}


@pytest.fixture(scope="module")
def firm(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), world.firm():
        Segment.objects.bulk_create([Segment(name=slug, slug=slug, rule=rule) for slug, rule in SEGMENTS.items()])
        Segment.objects.bulk_create([Segment(name="Draft", slug="draft", rule=SEGMENTS["it"], live=False)])
        yield


def misnamed(condition):
    """The same condition with a name that nobody has, or of a draft, if it names anything."""
    names = condition["operator"] in NAMING or condition.get("attribute") in KEYS
    if not names or "value" not in condition:
        return condition
    wrong = "draft" if "segment" in condition["operator"] else "nobody"
    return {**condition, "value": [*condition["value"], wrong] if isinstance(condition["value"], list) else wrong}


def compiled(definitions, rule):
    """What the rule compiles to although nobody checked it; ``None`` when it is broken."""
    try:
        return definitions.compiler.sound_rule(rule)
    except BrokenRule:
        return None


def checked(definitions, rule):
    try:
        return definitions.compiler.check(rule)
    except BrokenRule:
        return None


rules = groups_of(groups_of(conditions | conditions.map(misnamed)) | conditions)


@given(rule=rules, today=st.dates(date(2020, 1, 1), date(2030, 1, 1)))
@settings(max_examples=tries(200), deadline=None)
def test_checking_finds_what_compiling_would_find(firm, rule, today):
    definitions = Definitions(today)
    definitions.of_rule(SEGMENTS["mixed"])
    definitions.check({"any": Named(None, rule)})
    deepest, q = checked(definitions, rule), compiled(definitions, rule)
    assert (deepest is None) == (q is None)
    assert q is None or deepest >= nesting(q)


@given(rule=rules)
@settings(max_examples=tries(40), deadline=None)
def test_what_is_compiled_on_demand_is_what_is_compiled_at_once(firm, rule):
    on_demand, at_once = Definitions(), Definitions()
    on_demand.check({"any": Named(None, rule)})
    at_once.add({"any": Named(None, rule)})
    one, other = on_demand.outcome("any"), at_once.compiler.segments["any"]
    assert type(one) is type(other)
    assert isinstance(one, BrokenRule) or selected(one) == selected(other)
