"""Subqueries whose SQL is made once mean the same for other values, and for any number of them."""

import pytest

from tests.builders import person
from tests.intranet.models import Unit
from wagtail_personalize.segments.effective import people_in_rule
from wagtail_personalize.segments.rules.kinds import subqueries

pytestmark = pytest.mark.django_db


def members(attribute, operator, value):
    rule = {"all": [{"attribute": attribute, "operator": operator, "value": value}]}
    return set(people_in_rule(rule).values_list("user__username", flat=True))


class TestTexts:
    @pytest.mark.parametrize("number", [1, 3, 30])
    def test_are_found_however_many_and_however_often(self, number):
        names = [f"Abteilung Nord-{n}" for n in range(number)]
        everybody = {person(f"p{n}", department=name).username for n, name in enumerate(names)}
        person("other", department="Vertrieb")
        for wanted in (names, [name.upper() for name in reversed(names)]):
            assert members("department", "is_one_of", wanted) == everybody
        assert members("department", "is_one_of", ["VERTRIEB", *["nobody's"] * (number - 1)]) == {"other"}

    def test_of_another_attribute_are_others(self):
        person("ada", department="Ops", job_title="Lead")
        person("bob", department="Lead", job_title="Ops")
        assert members("department", "is", "ops") == {"ada"}
        assert members("job_title", "is", "ops") == {"bob"}

    def test_have_a_statement_that_is_made_once(self):
        person("ada", department="Ops")
        for wanted in ("Ops", "Sales", "Legal"):
            members("department", "is", wanted)
        made = [key for key in subqueries._statements if key[1] is subqueries.KnownTexts and key[-1] == 2]
        assert len(made) == 1


class TestTrees:
    def test_hold_what_is_below_whichever_node_is_asked_for(self):
        top = Unit.objects.create(code="TOP", name="Top")
        left, right = (Unit.objects.create(code=code, name=code, parent=top) for code in ("LEFT", "RIGHT"))
        for name, unit in (("ada", left), ("bob", right), ("cleo", top)):
            person(name, unit=unit)
        for wanted, found in ((["LEFT"], {"ada"}), (["RIGHT"], {"bob"}), (["TOP"], {"ada", "bob", "cleo"})):
            assert members("unit", "is_under", wanted) == found
        assert members("unit", "is_under", ["LEFT", "RIGHT"]) == {"ada", "bob"}
