"""The accelerator answers exactly as the ``Q`` does, for any rule, on whatever database the tests run."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.drawn import tries
from tests.intranet.models import Staff
from tests.segments import world
from tests.segments.test_rules_meaning import SEGMENTS, conditions, days, rules
from wagtail_personalize.segments.accelerator import Crowd, People, Program, Span
from wagtail_personalize.segments.effective import Definitions
from wagtail_personalize.segments.models import ManualMember, Segment
from wagtail_personalize.segments.rules.broken import BrokenRule
from wagtail_personalize.segments.rules.dependencies import Named, load_named

pytestmark = pytest.mark.django_db

ALWAYS = ManualMember.Always


@pytest.fixture(scope="module")
def firm(django_db_setup, django_db_blocker):
    """Everybody of the firm; some are on lists of named people. Nothing is written after this."""
    with django_db_blocker.unblock(), world.firm() as people:
        Segment.objects.bulk_create([Segment(name=slug, slug=slug, rule=rule) for slug, rule in SEGMENTS.items()])
        Segment.objects.bulk_create([Segment(name="Any", slug="any", rule={})])
        for slug, number, always in [
            ("it", 3, "INCLUDE"),
            ("it", 4, "EXCLUDE"),
            ("any", 5, "INCLUDE"),
            ("any", 6, "EXCLUDE"),
        ]:
            segment = Segment.objects.get(slug=slug)
            ManualMember.objects.bulk_create(
                [ManualMember(segment=segment, person=person, always=ALWAYS[always]) for person in people[number::7]]
            )
        yield people


def by_q(definitions, slug):
    q = definitions.compiler.segments[slug]
    return set(Staff.objects.filter(q).values_list("user", flat=True))


def by_accelerator(program, pk, scopes):
    found = []
    for scope in scopes:
        crowd = Crowd(program, scope, "default")
        people = crowd.members(scope)[pk]
        found += [crowd.key(crowd.people[place]) for place in crowd.places.listed(people, 0, crowd.places.number)]
    assert len(found) == len(set(found))
    return set(found)


EVERYBODY = [Span()]


def both(rule, today, scopes=EVERYBODY):
    """Who is in the segment *any* with this rule: by its ``Q``, and by the accelerator."""
    pk = Segment.objects.get(slug="any").pk
    given_segments = {"any": Named(pk, rule)}
    definitions = Definitions(today)
    definitions.add(given_segments)
    if isinstance(outcome := definitions.compiler.segments["any"], BrokenRule):
        raise AssertionError(outcome.sentence)
    program = Program(definitions, load_named([rule], given_segments) | given_segments)
    return by_q(definitions, "any"), by_accelerator(program, pk, scopes)


@given(rule=rules, today=days)
@settings(max_examples=tries(150), deadline=None)
def test_any_rule_selects_exactly_whom_its_q_selects(firm, rule, today):
    expected, found = both(rule, today)
    assert found == expected


@given(condition=conditions, today=days)
@settings(max_examples=tries(200), deadline=None)
def test_so_does_any_condition(firm, condition, today):
    expected, found = both({"all": [condition]}, today)
    assert found == expected


@given(rule=rules, cuts=st.lists(st.integers(0, 40), max_size=3))
@settings(max_examples=tries(40), deadline=None)
def test_wherever_crowds_are_cut(firm, rule, cuts):
    keys = sorted(person.pk for person in firm)
    ends = [None, *(keys[cut] for cut in sorted(set(cuts)) if cut < len(keys)), None]
    scopes = [Span(after, upto) for after, upto in pairwise(ends)]
    expected, found = both(rule, date(2026, 3, 1), scopes)
    assert found == expected


@given(rule=rules, chosen=st.sets(st.integers(0, 39), min_size=1))
@settings(max_examples=tries(40), deadline=None)
def test_for_any_few_people(firm, rule, chosen):
    keys = [firm[number].pk for number in chosen]
    expected, found = both(rule, date(2026, 3, 1), [People(keys)])
    assert found == expected & set(keys)


def test_is_asked_about_what_only_the_database_knows(firm):
    """Moments are not taken apart in Python; the test would be worth nothing if all were."""
    condition = {"attribute": "account", "operator": "after", "value": "2024-06-30"}
    definitions = Definitions()
    named = {"any": Named(Segment.objects.get(slug="any").pk, {"all": [condition, condition]})}
    definitions.add(named)
    assert len(Program(definitions, named).unknown) == 1
