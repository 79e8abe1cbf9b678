"""The constraint cases of another product, where its operators correspond to ours."""

import json
from pathlib import Path

import pytest
from django.db import transaction

from tests.builders import person
from tests.intranet.models import Staff
from wagtail_personalize.segments.rules.compile import BrokenRule, rule_q

CASES = Path(__file__).parents[3] / "shared/data/rules-unleash/specifications"
#: Their context fields, and where we keep them.
FIELDS = {"environment": "department", "userId": "job_title", "appName": "motto", "country": "last_name"}
OPERATORS = {"IN": "is_one_of", "NOT_IN": "is_none_of"}

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.realdata,
    pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not here"),
]


def load():
    for path in sorted(CASES.glob("*.json")) if CASES.is_dir() else []:
        specification = json.loads(path.read_text())
        features = {feature["name"]: feature for feature in specification["state"]["features"]}
        for case in specification["tests"]:
            yield pytest.param(features[case["toggleName"]], case, id=f"{path.stem}: {case['description']}")


def rule_of(feature):
    return {"any": [{"all": [*map(condition_of, one["constraints"]), *ids_of(one)]} for one in feature["strategies"]]}


def condition_of(constraint):
    return {
        "attribute": FIELDS[constraint["contextName"]],
        "operator": OPERATORS[constraint["operator"]],
        "value": constraint["values"],
    }


def ids_of(strategy):
    ids = strategy["parameters"].get("userIds")
    return [{"attribute": FIELDS["userId"], "operator": "is_one_of", "value": ids.split(",")}] if ids else []


@pytest.mark.parametrize(("feature", "case"), list(load()))
def test_a_case_comes_out_the_same(feature, case):
    values = {**case["context"].get("properties", {}), **case["context"]}
    person("ada", **{FIELDS[name]: value for name, value in values.items() if name in FIELDS})
    constraints = [constraint for one in feature["strategies"] for constraint in one["constraints"]]

    if constraints and all(constraint["values"] for constraint in constraints):
        assert Staff.objects.filter(rule_q(rule_of(feature))).exists() == case["expectedResult"]
    else:
        with transaction.atomic(), pytest.raises(BrokenRule):  # on purpose: nothing named is never everybody
            rule_q(rule_of(feature))
