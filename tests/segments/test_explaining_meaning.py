"""The tree of an explanation says the same as the definition, for any rule, list and person, on any database."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.drawn import tries
from tests.intranet.models import Staff
from tests.segments import test_rules_meaning as meaning
from tests.segments import world
from wagtail_personalize.people.changes import suppressed
from wagtail_personalize.segments.effective import effective_q
from wagtail_personalize.segments.explaining.explanation import explain
from wagtail_personalize.segments.models import ManualMember, Segment

pytestmark = pytest.mark.django_db

IT = {"all": [{"attribute": "department", "operator": "is", "value": "IT"}]}


@pytest.fixture(scope="module")
def firm(django_db_setup, django_db_blocker):
    """Everybody of the firm; people stand on the lists of the segments that rules name, and of the one that asks."""
    with django_db_blocker.unblock(), world.firm():
        rules = {**meaning.SEGMENTS, "asked": IT}
        named = Segment.objects.bulk_create([Segment(name=slug, slug=slug, rule=rule) for slug, rule in rules.items()])
        people = sorted((profile.user for profile in world.profiles().values()), key=lambda one: one.pk)
        with suppressed():
            ManualMember.objects.bulk_create(
                ManualMember(segment=each, person=people[number], always=always)
                for each in named
                for number, always in [(1, "include"), (2, "exclude"), (3, "include"), (4, "exclude")]
            )
        yield people


def leaves(reason):
    return [leaf for part in reason.parts for leaf in leaves(part)] if reason.parts else [reason]


@given(rule=meaning.rules, today=meaning.days, number=st.integers(0, 40))
@settings(max_examples=tries(150), deadline=None)
def test_any_explanation_says_what_the_definition_says(firm, rule, today, number):
    asked = Segment.objects.get(slug="asked")
    asked.rule = rule
    one = firm[number % len(firm)]

    told = explain(asked, one, today)

    assert told.is_in is Staff.objects.filter(effective_q(asked, today), user=one).exists()
    assert None not in [leaf.holds for leaf in leaves(told.because)]
