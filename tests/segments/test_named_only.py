"""Segments that are lists of named people: the condition *only the people named below*."""

import pytest

from tests.builders import person, segment
from wagtail_personalize.segments.admin.builder.conversion import to_blocks
from wagtail_personalize.segments.admin.builder.fields import builder_for
from wagtail_personalize.segments.effective import people_in_rule, problems
from wagtail_personalize.segments.models import Membership
from wagtail_personalize.segments.refresh import check, refresh
from wagtail_personalize.segments.rules.sentence import sentence

pytestmark = pytest.mark.django_db

NAMED = {"all": [{"operator": "nobody"}]}


class TestOnlyNamedPeople:
    def test_is_a_rule_that_matches_nobody(self):
        person()

        assert problems(NAMED) == []
        assert not people_in_rule(NAMED).exists()

    def test_is_everybody_when_turned_round(self):
        person()

        assert people_in_rule({"none": [{"operator": "nobody"}]}).count() == 1

    def test_reads_as_what_it_is(self):
        assert sentence(NAMED) == "Only the people named by hand"

    def test_is_a_condition_of_the_rule_builder(self):
        (block,) = to_blocks(NAMED, builder_for(None).subjects)["items"]

        assert (block["type"], block["value"]["operator"]) == ("condition_nobody", "nobody")

    def test_takes_no_value(self):
        assert problems({"all": [{"operator": "nobody", "value": 1}]})


class TestStaticSegment:
    def test_has_the_people_of_its_list_and_no_others(self):
        ada, ben, _other = person(), person(), person()
        crisis = segment("Crisis team", NAMED)
        crisis.always_include([ada, ben])

        assert set(crisis.people()) == {ada, ben}
        assert check() == []

        crisis.let_rule_decide([ada])
        assert set(crisis.people()) == {ben}

    def test_survives_every_way_of_refreshing(self):
        ada, extra = person(), person()
        crisis = segment("Crisis team", NAMED)
        crisis.always_include([ada])
        for again in (lambda: refresh(), lambda: refresh([crisis]), lambda: refresh(person_ids=[ada.pk, extra.pk])):
            Membership.objects.filter(person=ada).delete()
            Membership.objects.create(segment=crisis, person=extra, since="2026-01-01T00:00Z")
            again()
            assert set(crisis.people()) == {ada}

    def test_loses_everybody_when_its_list_is_emptied(self):
        ada = person()
        crisis = segment("Crisis team", NAMED)
        crisis.always_include([ada])
        refresh()
        crisis.manual_members.all()._raw_delete("default")

        refresh()

        assert crisis.size() == 0
        assert check() == []

    def test_leaves_out_who_is_no_longer_active(self):
        ada = person()
        crisis = segment("Crisis team", NAMED)
        crisis.always_include([ada])
        ada.is_active = False
        ada.save()

        assert crisis.size() == 0

    def test_combines_with_conditions(self):
        ada, ben = person(department="Legal"), person(department="IT")
        mixed = segment(
            "Mixed", {"any": [{"attribute": "department", "operator": "is", "value": "Legal"}, *NAMED["all"]]}
        )
        mixed.always_include([ben])

        assert set(mixed.people()) == {ada, ben}
