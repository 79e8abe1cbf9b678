"""Each operator on each kind of attribute, with a value that is missing."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import override_settings

from tests.builders import person
from tests.intranet.models import Office, Unit
from tests.segments import declared
from wagtail_personalize.people.changes import changed
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.segments.effective import people_in_rule
from wagtail_personalize.segments.rules.conditions import all_types
from wagtail_personalize.segments.rules.operators import OPERATORS, operators_for

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 1)
DOCS = Path(__file__).parents[2] / "docs/reference/operators.md"


@pytest.fixture(scope="module", autouse=True)
def three_people(django_db_setup, django_db_blocker):
    """Ada and Bob differ in everything; of Nil nothing is known."""
    wide = override_settings(WAGTAIL_PERSONALIZE={"PROFILE": declared.NAME})
    with django_db_blocker.unblock(), wide, transaction.atomic():
        _hire()
        changed()
        yield
        transaction.set_rollback(True)


def _hire():
    firm = Unit.objects.create(code="firm", name="The firm")
    Unit.objects.create(code="web", name="Web", parent=Unit.objects.create(code="it", name="IT", parent=firm))
    Office.objects.create(code="MUC", city="München")
    Office.objects.create(code="UTR", city="Utrecht")
    bob = person(
        "bob",
        last_name="Visser",
        department="Sales",
        job_title="Clerk",
        level=2,
        hired=date(2025, 3, 10),
        birthday=date(2000, 7, 1),
        remote=False,
        unit="firm",
        office="UTR",
        skills=["cooking"],
        staff_number="2",
    )
    ada = person(
        "ada",
        last_name="Łódź",
        department="Zürich",
        job_title="Head of IT",
        level=5,
        hired=date(2026, 1, 15),
        birthday=date(2000, 3, 4),
        remote=True,
        unit="web",
        office="MUC",
        skills=["Python", "SQL"],
        manager=bob.staff,
    )
    _joined(bob, datetime(2025, 3, 8, 23, 30, tzinfo=ZoneInfo("UTC")), "Editors")
    _joined(ada, datetime(2026, 2, 28, 22, 59, tzinfo=ZoneInfo("UTC")), "Éditeurs", "Staff")
    person("nil")


def _joined(someone, moment, *groups):
    someone.date_joined = moment
    someone.save()
    someone.groups.set([Group.objects.get_or_create(name=name)[0] for name in groups])


def who(attribute, operator, *value, unit=None):
    condition = {"attribute": attribute, "operator": operator}
    if value:
        condition["value"] = value[0]
    if unit:
        condition["unit"] = unit
    return names({"all": [condition]})


def names(rule):
    return " ".join(sorted(profile.user.username for profile in people_in_rule(rule, TODAY).select_related("user")))


#: attribute, operator, value: who satisfies it
TABLE = [
    ("last_name", "is", "lodz", "ada"),
    ("last_name", "is", "ŁÓDŹ ", "ada"),
    ("last_name", "is_not", "lodz", "bob nil"),
    ("last_name", "is_one_of", ["visser", "LODZ"], "ada bob"),
    ("last_name", "is_none_of", ["visser", "nobody"], "ada nil"),
    ("last_name", "contains", "ód", "ada"),
    ("last_name", "contains", "%", ""),
    ("last_name", "does_not_contain", "od", "bob nil"),
    ("last_name", "starts_with", "VISS", "bob"),
    ("last_name", "starts_with", "isser", ""),
    ("last_name", "does_not_start_with", "VISS", "ada nil"),
    ("last_name", "is_empty", None, "nil"),
    ("last_name", "is_set", None, "ada bob"),
    ("department", "is", "ZURICH", "ada"),
    ("department", "is_not", "ZURICH", "bob nil"),
    ("department", "is_one_of", ["sales"], "bob"),
    ("department", "is_none_of", ["sales"], "ada nil"),
    ("department", "contains", "a", "bob"),
    ("department", "does_not_contain", "a", "ada nil"),
    ("department", "starts_with", "zu", "ada"),
    ("department", "does_not_start_with", "zu", "bob nil"),
    ("department", "is_empty", None, "nil"),
    ("department", "is_set", None, "ada bob"),
    ("job_title", "is_not", "clerk", "ada nil"),
    ("job_title", "is_empty", None, "nil"),
    ("city", "is", "munchen", "ada"),
    ("city", "is_not", "munchen", "bob nil"),
    ("city", "is_empty", None, "nil"),
    ("grade", "is", "5", "ada"),
    ("grade", "is_not", "5", "bob nil"),
    ("roles", "is", "editors", "bob"),
    ("roles", "is_not", "editors", "ada nil"),
    ("roles", "is_one_of", ["staff", "editors"], "ada bob"),
    ("roles", "contains", "edit", "ada bob"),
    ("roles", "does_not_contain", "taff", "bob nil"),
    ("roles", "is_empty", None, "nil"),
    ("roles", "is_set", None, "ada bob"),
    ("level", "is", 2, "bob"),
    ("level", "is", 2.0, "bob"),
    ("level", "is", 2.5, ""),
    ("level", "is_not", 2, "ada nil"),
    ("level", "is_not", 2.5, "ada bob nil"),
    ("level", "lt", 5, "bob"),
    ("level", "lt", 2.5, "bob"),
    ("level", "lte", 5, "ada bob"),
    ("level", "gt", 2, "ada"),
    ("level", "gt", 1.9, "ada bob"),
    ("level", "gt", -(10**15), "ada bob"),
    ("level", "lt", 10**15, "ada bob"),
    ("level", "gte", 5, "ada"),
    ("level", "between", [2, 4.5], "bob"),
    ("level", "between", [2.2, 2.8], ""),
    ("level", "is_not_between", [2, 4.5], "ada nil"),
    ("level", "is", "2", "bob"),
    ("level", "is", "2.50", ""),
    ("level", "gt", "1.999999999999999999999999", "ada bob"),
    ("level", "between", ["2", 10], "ada bob"),
    ("level", "between", [2, "10.5"], "ada bob"),
    ("level", "is_empty", None, "nil"),
    ("level", "is_set", None, "ada bob"),
    ("team_level", "is", 5, "bob"),
    ("team_level", "is_not", 5, "ada nil"),
    ("team_level", "is_empty", None, "ada nil"),
    ("hired", "on", "2025-03-10", "bob"),
    ("hired", "is_not_on", "2025-03-10", "ada nil"),
    ("hired", "before", "2026-01-15", "bob"),
    ("hired", "after", "2025-03-10", "ada"),
    ("hired", "between", ["2025-03-10", "2026-01-15"], "ada bob"),
    ("hired", "is_not_between", ["2025-03-11", "2026-01-15"], "bob nil"),
    ("hired", "in_the_last", (45, "days"), "ada"),
    ("hired", "in_the_last", (44, "days"), ""),
    ("hired", "in_the_last", (1, "years"), "ada bob"),
    ("hired", "more_than_ago", (44, "days"), "ada bob"),
    ("hired", "more_than_ago", (45, "days"), "bob"),
    ("hired", "more_than_ago", (11, "months"), "bob"),
    ("hired", "more_than_ago", (12, "months"), ""),
    ("hired", "in_the_next", (4, "weeks"), ""),
    ("hired", "anniversary_within", (9, "days"), "bob"),
    ("hired", "anniversary_within", (8, "days"), ""),
    ("hired", "anniversary_within", (1, "years"), "ada bob"),
    ("hired", "is_empty", None, "nil"),
    ("hired", "is_set", None, "ada bob"),
    ("team_hired", "on", "2026-01-15", "bob"),
    ("team_hired", "anniversary_within", (11, "months"), "bob"),
    ("team_hired", "is_empty", None, "ada nil"),
    ("account", "on", "2025-03-09", "bob"),
    ("account", "on", "2026-02-28", "ada"),
    ("account", "before", "2025-03-10", "bob"),
    ("account", "between", ["2025-03-09", "2025-03-09"], "bob"),
    ("account", "anniversary_within", (8, "days"), "bob"),
    ("account", "anniversary_within", (7, "days"), ""),
    ("birthday", "anniversary_within", (3, "days"), "ada"),
    ("birthday", "anniversary_within", (2, "days"), ""),
    ("birthday", "anniversary_within", (4, "months"), "ada bob"),
    ("birthday", "is_empty", None, "nil"),
    ("birthday", "is_set", None, "ada bob"),
    ("remote", "is", True, "ada"),
    ("remote", "is", False, "bob"),
    ("remote", "is_not", True, "bob nil"),
    ("remote", "is_empty", None, "nil"),
    ("remote", "is_set", None, "ada bob"),
    ("office", "is", "MUC", "ada"),
    ("office", "is_not", "MUC", "bob nil"),
    ("office", "is_one_of", ["MUC", "UTR"], "ada bob"),
    ("office", "is_none_of", ["UTR"], "ada nil"),
    ("office", "is_empty", None, "nil"),
    ("office", "is_set", None, "ada bob"),
    ("boss", "is", "2", "ada"),
    ("boss", "is", 2, "ada"),
    ("team_office", "is_not", "MUC", "ada nil"),
    ("unit", "is", "it", ""),
    ("unit", "is", "web", "ada"),
    ("unit", "is_not", "web", "bob nil"),
    ("unit", "is_one_of", ["web", "firm"], "ada bob"),
    ("unit", "is_none_of", ["web"], "bob nil"),
    ("unit", "is_under", ["it"], "ada"),
    ("unit", "is_under", ["firm"], "ada bob"),
    ("unit", "is_not_under", ["it"], "bob nil"),
    ("unit", "is_empty", None, "nil"),
    ("unit", "is_set", None, "ada bob"),
    ("manager_unit", "is_under", ["firm"], "ada"),
    ("skills", "has_any", ["SQL", "cooking"], "ada bob"),
    ("skills", "has_all", ["SQL", "Python"], "ada"),
    ("skills", "has_all", ["SQL", "cooking"], ""),
    ("skills", "has_none", ["SQL"], "bob nil"),
    ("skills", "is_empty", None, "nil"),
    ("skills", "is_set", None, "ada bob"),
    ("skill_names", "has_any", ["PYTHON"], "ada"),
    ("skill_names", "has_all", ["python", "sql"], "ada"),
    ("skill_names", "has_none", ["python"], "bob nil"),
    ("skill_names", "is_empty", None, "nil"),
    ("groups", "has_any", ["Editors"], "bob"),
]


@pytest.mark.parametrize(("attribute", "operator", "value", "expected"), TABLE)
def test_an_operator_selects_exactly(attribute, operator, value, expected):
    if isinstance(value, tuple):
        assert who(attribute, operator, value[0], unit=value[1]) == expected
    elif value is None:
        assert who(attribute, operator) == expected
    else:
        assert who(attribute, operator, value) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"operator": "in_group", "value": "Editors"}, "bob"),
        ({"operator": "not_in_group", "value": "Editors"}, "ada nil"),
        ({"operator": "reports_to", "value": "bob", "depth": "direct"}, "ada"),
        ({"operator": "reports_to", "value": "2"}, "ada"),
        ({"operator": "reports_to", "value": "ada", "depth": "any"}, ""),
        ({"operator": "not_reports_to", "value": "bob", "depth": "direct"}, "bob nil"),
        ({"operator": "not_reports_to", "value": "ada"}, "ada bob nil"),
    ],
)
def test_a_special_condition_selects_exactly(condition, expected):
    assert names({"all": [condition]}) == expected


def _kind(name):
    attribute = get_declaration().get(name)
    return "yearless" if getattr(attribute, "yearless", False) else attribute.kind


class TestTable:
    """The table above leaves nothing out."""

    def test_covers_every_operator_of_every_kind(self):
        covered = {(_kind(attribute), operator) for attribute, operator, *_rest in TABLE}

        assert covered == {(kind, name) for kind, operators in OPERATORS.items() for name in operators}

    @pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[0]}-{row[1]}")
    def test_a_missing_value_satisfies_only_negations(self, row):
        attribute, operator, _value, expected = row

        assert ("nil" in expected) == operators_for(get_declaration().get(attribute))[operator].missing

    def test_a_missing_value_satisfies_exactly_these_operators(self):
        negations = {name for operators in OPERATORS.values() for name, one in operators.items() if one.missing}

        assert negations == {
            *("is_not", "is_none_of", "has_none", "is_not_under", "is_empty", "is_not_on", "is_not_between"),
            *("does_not_contain", "does_not_start_with"),
        }


class TestReference:
    """``docs/reference/operators.md`` says of each operator what the registry says."""

    @pytest.mark.parametrize("kind", OPERATORS)
    def test_lists_the_operators_of_each_kind(self, kind):
        rows = _documented(kind)

        assert rows == {
            f"`{name}`": (f"`{one.shape}`", "yes" if one.missing else "no") for name, one in OPERATORS[kind].items()
        }

    def test_lists_the_conditions_beside_attributes(self):
        rows = _documented("beside attributes")

        assert rows == {
            f"`{name}`": (f"`{one.shape}`", "yes" if one.negates else "no")
            for name, one in all_types().items()
            if "wagtail_personalize" in one.__module__
        }


def _documented(heading):
    """operator → (value, satisfied by a missing value) in the table below a heading."""
    section = DOCS.read_text().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| `")]
    return {name.strip(): (value.strip(), missing.strip()) for name, _meaning, value, missing in rows}
