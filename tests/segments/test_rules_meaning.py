"""The compiled ``Q`` means what the obvious reference says, for any rule, on whatever database the tests run."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.drawn import tries
from tests.intranet.models import Staff
from tests.segments import world
from tests.segments.declared import WideProfile
from tests.segments.reference import exactly, matches
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.rules.compile import rule_q
from wagtail_personalize.segments.rules.operators import Shape, operators_for
from wagtail_personalize.segments.rules.schema import validate

pytestmark = pytest.mark.django_db

TODAYS = [*world.DAYS, date(2024, 1, 31), date(2025, 2, 27), date(2025, 10, 26), date(2027, 2, 28), date(2028, 2, 29)]
TEXTS = [text for text in world.TEXTS if text.strip() and text != "\u0301"]
KEYS = {
    "unit": list(world.UNITS),
    "manager_unit": list(world.UNITS),
    "office": list(world.OFFICES),
    "team_office": list(world.OFFICES),
    "boss": [f"N-p{number}" for number in range(10)],
    "skills": world.SKILLS,
    "groups": world.GROUPS,
    "skill_names": [*world.SKILLS, "PYTHON", "zurich"],
}
WRITTEN_NUMBERS = ["2.0", "-1.50", "3.0000001"]
SEGMENTS = {
    "it": {"any": [{"attribute": "department", "operator": "is", "value": "it"}]},
    "not-it": {"none": [{"operator": "in_segment", "value": "it"}]},
    "mixed": {
        "all": [
            {"operator": "in_segment", "value": "not-it"},
            {"attribute": "level", "operator": "is_not", "value": 1},
            {"any": [{"operator": "not_in_segment", "value": "it"}, {"attribute": "remote", "operator": "is_set"}]},
        ]
    },
}


@pytest.fixture(scope="module")
def firm(django_db_setup, django_db_blocker):
    """Everybody of the firm, by login name; nothing is written after this."""
    with django_db_blocker.unblock(), world.firm():
        Segment.objects.bulk_create([Segment(name=slug, slug=slug, rule=rule) for slug, rule in SEGMENTS.items()])
        yield world.profiles()


days = st.sampled_from(TODAYS)
texts = st.sampled_from([*TEXTS, "z", "ö", "Ss", "o'n", "_", "\\", "100%"])
numbers = st.sampled_from([-3, -2, -1.5, 0, 1, 2, 2.0, 2.5, 4, 5, 10**15, -(10**15), *WRITTEN_NUMBERS])
units = st.sampled_from(["days", "weeks", "months", "years"])


def some(values):
    return st.lists(values, min_size=1, max_size=4)


def ordered(values, key=None):
    return st.lists(values, min_size=2, max_size=2).map(lambda ends: sorted(ends, key=key))


def values_of_shape(shape, attribute, texts=texts, days=days):
    keys = st.sampled_from(KEYS.get(attribute.name, ["?"]))
    match shape:
        case Shape.NONE:
            return st.just({})
        case Shape.TEXT | Shape.CHOICE:
            value = texts
        case Shape.TEXTS | Shape.CHOICES:
            value = some(texts)
        case Shape.NUMBER:
            value = numbers
        case Shape.NUMBER_RANGE:
            value = ordered(numbers, key=exactly)
        case Shape.DATE:
            value = days.map(date.isoformat)
        case Shape.DATE_RANGE:
            value = ordered(days.map(date.isoformat))
        case Shape.BOOLEAN:
            value = st.booleans()
        case Shape.KEY:
            value = keys
        case Shape.KEYS:
            value = some(keys)
    return st.fixed_dictionaries({"value": value})


def amounts(operator):
    most = {"days": 400, "weeks": 60, "months": 30, "years": 27}
    if operator.name == "anniversary_within":
        most = {"days": 365, "weeks": 52, "months": 12, "years": 1}
    return units.flatmap(
        lambda unit: st.fixed_dictionaries({"unit": st.just(unit), "value": st.integers(0, most[unit])})
    )


def conditions_on(attribute, operator, **given):
    is_amount = operator.shape == Shape.AMOUNT
    values = amounts(operator) if is_amount else values_of_shape(operator.shape, attribute, **given)
    return values.map(lambda value: {"attribute": attribute.name, "operator": operator.name, **value})


def conditions_on_any_attribute(**given):
    """Each operator on each attribute; ``texts`` and ``days`` to ask for may be given."""
    return st.one_of(
        [
            st.one_of([conditions_on(attribute, operator, **given) for operator in operators_for(attribute).values()])
            for attribute in WideProfile.attributes
            if attribute.name != "own_number"
        ]
    )


attribute_conditions = conditions_on_any_attribute()
special_conditions = st.one_of(
    st.fixed_dictionaries(
        {"operator": st.sampled_from(["in_segment", "not_in_segment"]), "value": st.sampled_from(list(SEGMENTS))}
    ),
    st.fixed_dictionaries(
        {"operator": st.sampled_from(["in_group", "not_in_group"]), "value": st.sampled_from(world.GROUPS)}
    ),
    st.fixed_dictionaries(
        {
            "operator": st.sampled_from(["reports_to", "not_reports_to"]),
            "value": st.integers(0, 12).map(lambda number: f"p{number}"),
            "depth": st.sampled_from(["direct", "any"]),
        }
    ),
)
conditions = st.one_of(attribute_conditions, attribute_conditions, attribute_conditions, special_conditions)
kinds = st.sampled_from(["all", "any", "none"])


def groups_of(parts):
    return st.tuples(kinds, st.lists(parts, min_size=1, max_size=4)).map(lambda group: {group[0]: group[1]})


rules = groups_of(st.recursive(conditions, groups_of, max_leaves=8)).filter(lambda rule: not validate(rule))


def selected(q):
    return set(Staff.objects.filter(q).values_list("user__username", flat=True))


@given(rule=rules, today=days)
@settings(max_examples=tries(150), deadline=None)
def test_any_rule_selects_exactly_whom_the_reference_selects(firm, rule, today):
    expected = {name for name, profile in firm.items() if matches(rule, profile, today, SEGMENTS)}

    assert selected(rule_q(rule, today)) == expected


@given(condition=conditions, today=days)
@settings(max_examples=tries(150), deadline=None)
def test_any_condition_is_true_or_false_for_everybody(firm, condition, today):
    true, false = selected(rule_q({"all": [condition]}, today)), selected(rule_q({"none": [condition]}, today))

    assert true == {name for name, profile in firm.items() if matches(condition, profile, today, SEGMENTS)}
    assert (true | false, true & false) == (set(firm), set())


@given(one=conditions, other=conditions, today=days)
@settings(max_examples=tries(50), deadline=None)
def test_none_of_is_all_of_the_contraries(firm, one, other, today):
    none = rule_q({"none": [one, other]}, today)

    assert selected(none) == selected(rule_q({"all": [{"none": [one]}, {"none": [other]}]}, today))
    assert selected(~none) == selected(rule_q({"any": [one, other]}, today))
