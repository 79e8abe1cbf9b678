"""What changed from one rule to another."""

from wagtail_personalize.segments.rules.difference import Change, difference

LEGAL = {"attribute": "department", "operator": "is", "value": "Legal"}
IT = {"attribute": "department", "operator": "is", "value": "IT"}
BERLIN = {"attribute": "city", "operator": "is", "value": "BER"}
REMOTE = {"attribute": "remote", "operator": "is", "value": True}
WRITERS = {"operator": "in_group", "value": "Writers"}


def of(*parts, kind="all"):
    return {kind: list(parts)}


class TestDifference:
    def test_of_equal_rules_is_empty(self):
        assert difference(of(LEGAL, BERLIN), of(LEGAL, BERLIN)) == []

    def test_does_not_mind_the_order(self):
        assert difference(of(LEGAL, BERLIN), of(BERLIN, LEGAL)) == []

    def test_tells_what_was_added_and_removed(self):
        found = difference(of(LEGAL, BERLIN), of(LEGAL, REMOTE))

        assert found == [Change("removed", BERLIN, ("all",)), Change("added", REMOTE, ("all",))]

    def test_sees_the_same_subject_as_changed(self):
        assert difference(of(LEGAL, BERLIN), of(IT, BERLIN)) == [Change("changed", IT, ("all",), LEGAL)]

    def test_sees_in_and_not_in_as_one_subject(self):
        not_writers = {**WRITERS, "operator": "not_in_group"}

        assert difference(of(WRITERS), of(not_writers)) == [Change("changed", not_writers, ("all",), WRITERS)]

    def test_does_not_guess_which_of_several_was_changed(self):
        found = difference(of(LEGAL, IT), of({**LEGAL, "value": "Sales"}, BERLIN))

        assert [change.kind for change in found] == ["removed", "removed", "added", "added"]

    def test_says_in_which_group(self):
        before, after = of(LEGAL, of(BERLIN, kind="none")), of(LEGAL, of(BERLIN, REMOTE, kind="none"))

        assert difference(before, after) == [Change("added", REMOTE, ("all", "none"))]

    def test_takes_a_whole_group_as_one(self):
        group = of(BERLIN, REMOTE, kind="any")

        assert difference(of(LEGAL), of(LEGAL, group)) == [Change("added", group, ("all",))]

    def test_counts_what_occurs_twice(self):
        assert difference(of(LEGAL, LEGAL), of(LEGAL)) == [Change("removed", LEGAL, ("all",))]


class TestNoDifference:
    def test_when_the_groups_mean_something_else(self):
        assert difference(of(LEGAL, IT), of(LEGAL, IT, kind="any")) is None

    def test_when_too_much_changed(self):
        many = [{"attribute": f"a{number}", "operator": "is", "value": 1} for number in range(20)]

        assert difference(of(LEGAL), of(*many)) is None

    def test_for_what_is_no_rule(self):
        for odd in (None, {}, [], "all", {"all": None}, {"all": 3}):
            assert difference(odd, of(LEGAL)) is None
            assert difference(of(LEGAL), odd) is None
        assert [change.kind for change in difference(of(None, 3, "x"), of(LEGAL))] == ["removed"] * 3 + ["added"]
