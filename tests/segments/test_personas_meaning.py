"""What is answered for invented people is what the compiled ``Q`` answers for profiles with the same values."""

from datetime import date, datetime

import pytest
from hypothesis import given, settings

from tests.drawn import tries
from tests.intranet.models import Staff
from tests.segments.reference import local_day, values_of
from tests.segments.test_rules_meaning import SEGMENTS, days, firm, rules  # noqa: F401
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.segments.personas.facts import asked_attributes
from wagtail_personalize.segments.personas.matching import Matching
from wagtail_personalize.segments.rules.compile import rule_q
from wagtail_personalize.segments.rules.structure import conditions_in

pytestmark = pytest.mark.django_db

#: What values cannot answer.
UNANSWERABLE = {"in_group", "not_in_group", "reports_to", "not_reports_to"}


def as_rules_write(profile):
    """The values of a profile of which none follows from another."""
    written = {}
    for attribute in asked_attributes(get_declaration()):
        found = [_as_rules_write(value, attribute) for value in values_of(profile, attribute)]
        written[attribute.name] = found
    return written


def _as_rules_write(value, attribute):
    if isinstance(value, datetime | date):
        return local_day(value).isoformat()
    return str(getattr(value, attribute.key)) if hasattr(value, "_meta") else value


def asks_what_values_cannot_answer(rule):
    operators = {condition["operator"] for condition in conditions_in(rule)}
    return bool(operators & UNANSWERABLE)


@pytest.fixture(scope="module")
def written(firm, django_db_blocker):  # noqa: F811
    """What rules would write of everybody who is active, by login name; read once."""
    with django_db_blocker.unblock():
        return {name: as_rules_write(profile) for name, profile in firm.items() if profile.user.is_active}


@given(rule=rules, today=days)
@settings(max_examples=tries(100), deadline=None)
def test_any_rule_has_the_answer_of_its_q(written, rule, today):
    answers = Matching(written.values(), today).answers(rule)
    matched = set(Staff.objects.filter(rule_q(rule, today)).values_list("user__username", flat=True))

    for name, answer in zip(written, answers, strict=True):
        assert answer in (name in matched, None)
        assert answer is not None or asks_what_values_cannot_answer(rule)
