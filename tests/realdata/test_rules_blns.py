"""Strings that break software, as values of people and of rules."""

import json
from pathlib import Path

import pytest

from tests.builders import person
from tests.intranet.models import Staff
from tests.segments.reference import matches
from wagtail_personalize.people.changes import changed, suppressed
from wagtail_personalize.segments.rules.compile import rule_q
from wagtail_personalize.segments.rules.schema import validate
from wagtail_personalize.segments.rules.sentence import sentence

STRINGS = Path(__file__).parents[3] / "shared/data/blns/blns.json"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.realdata,
    pytest.mark.skipif(not STRINGS.is_file(), reason="the strings are not here"),
]


@pytest.fixture(scope="module")
def strings():
    return [text for text in json.loads(STRINGS.read_text()) if len(text) <= 200]


@pytest.fixture
def people(strings):
    with suppressed():
        for number, text in enumerate(strings[::4]):
            person(f"p{number}", motto=text, department=text[:100])
    changed()
    return list(Staff.objects.all())


class TestNaughtyStrings:
    @pytest.mark.parametrize("operator", ["is", "contains", "starts_with"])
    def test_select_exactly_whom_the_reference_selects(self, strings, people, operator):
        for text in strings:
            rule = {"any": [{"attribute": "motto", "operator": operator, "value": text}]}
            if not validate(rule):
                expected = {profile.pk for profile in people if matches(rule, profile, None)}
                assert set(Staff.objects.filter(rule_q(rule)).values_list("pk", flat=True)) == expected

    def test_are_refused_only_when_nothing_remains_of_them(self, strings):
        for text in strings:
            found = validate({"any": [{"attribute": "motto", "operator": "is", "value": text}]})
            assert [problem.sentence for problem in found] in ([], ["A value is missing."])

    def test_can_stand_anywhere_in_a_rule(self, strings):
        for text in strings:
            for condition in (
                {"attribute": text, "operator": text, "value": text},
                {"attribute": "office", "operator": "is", "value": text},
                {"attribute": "hired", "operator": "on", "value": text, "unit": text},
                {"operator": "in_segment", "value": text},
                {"operator": "in_group", "value": text},
                {"operator": "reports_to", "value": text, "depth": text},
                {text: text},
            ):
                validate({"all": [condition]})
                assert sentence({"all": [condition]})
