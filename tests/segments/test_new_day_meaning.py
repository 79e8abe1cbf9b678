"""After any missed days, with profiles saved in between, a new day leaves exactly what the rules say."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.drawn import tries
from tests.intranet.models import Staff
from tests.segments import world
from tests.segments.test_rules_meaning import amounts, attribute_conditions, groups_of
from wagtail_personalize.segments import versions
from wagtail_personalize.segments.effective import effective_q
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.new_day import ensure_today
from wagtail_personalize.segments.rules.operators import DATED, OPERATORS
from wagtail_personalize.segments.rules.schema import validate

pytestmark = pytest.mark.django_db

#: What the generated rules ask about, and the kind of each.
DATES = [("hired", "date"), ("account", "date"), ("team_hired", "date"), ("birthday", "yearless")]


def at(day):
    """Noon of that day in the site's time zone."""
    return time_machine.travel(datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("Europe/Berlin")), tick=False)


def conditions_on(name, kind):
    operators = [operator for operator in OPERATORS[kind].values() if operator.name in DATED]
    return st.sampled_from(operators).flatmap(
        lambda operator: amounts(operator).map(lambda said: {"attribute": name, "operator": operator.name, **said})
    )


dated = st.sampled_from(DATES).flatmap(lambda about: conditions_on(*about))
rules = groups_of(st.recursive(dated | dated | attribute_conditions, groups_of, max_leaves=4)).filter(
    lambda rule: not validate(rule)
)
days = st.sampled_from([day for day in world.DAYS if day.year > 2019]) | st.dates(date(2023, 12, 1), date(2026, 4, 1))


@pytest.fixture(scope="module")
def everybody(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), world.firm():
        yield list(Staff.objects.filter(user__is_active=True))


@given(
    rules=st.lists(rules, min_size=1, max_size=3),
    day=days,
    missed=st.integers(1, 3) | st.integers(1, 400),
    saved=st.tuples(st.integers(0, 20), st.integers(0, 400), st.integers(-2, 2)),
)
@settings(max_examples=tries(30), deadline=None)
def test_after_any_missed_days_what_is_stored_is_what_the_rules_say(everybody, rules, day, missed, saved):
    with transaction.atomic():
        with at(day):
            segments = [Segment(name=f"s{n}", slug=f"s{n}", rule=rule) for n, rule in enumerate(rules)]
            names = {"any": [{"operator": "not_in_segment", "value": "s0"}]}
            Segment.objects.bulk_create([*segments, Segment(name="names", slug="names", rule=names)])
            versions.reach_day(day.toordinal())
        who, later, off = saved
        with at(day + timedelta(days=later % (missed + 1))):
            profile = everybody[who % len(everybody)]
            profile.hired = day + timedelta(days=later % (missed + 1) + off)
            profile.save()
        until = day + timedelta(days=missed)
        with at(until):
            assert ensure_today()
        for segment in Segment.objects.all():
            right = set(Staff.objects.filter(effective_q(segment, until)).values_list("user", flat=True))
            assert set(segment.memberships.values_list("person", flat=True)) == right
        transaction.set_rollback(True)
