"""Refreshing in crowds writes what refreshing one by one would, and can be interrupted anywhere."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import builders
from tests.intranet.models import Staff
from wagtail_personalize.hookspecs import memberships_changed
from wagtail_personalize.segments import everybody
from wagtail_personalize.segments import refresh as refreshing
from wagtail_personalize.segments.accelerator.bits import Places
from wagtail_personalize.segments.models import Membership, PastMembership, Segment
from wagtail_personalize.segments.refresh import Difference, check, refresh

pytestmark = pytest.mark.django_db


def rule(attribute, operator, value, **more):
    return {"all": [{"attribute": attribute, "operator": operator, "value": value, **more}]}


def move(people, department):
    """Without telling anybody."""
    Staff.objects.filter(user__in=people).update(department=department)


def members(segment):
    return sorted(segment.memberships.values_list("person__username", flat=True))


@pytest.fixture
def crowds_of_three(monkeypatch):
    monkeypatch.setattr(everybody, "CROWD", 3)


@pytest.fixture
def heard():
    told = []

    def receiver(segment_ids, person_ids, cause, **kwargs):
        told.append((set(segment_ids), None if person_ids is None else set(person_ids), cause))

    memberships_changed.connect(receiver)
    yield told
    memberships_changed.disconnect(receiver)


@pytest.mark.usefixtures("crowds_of_three")
class TestCrowds:
    def test_find_everybody_once_wherever_they_end(self):
        for number in range(9):
            people = [builders.person(f"u{number}-{n}", department="IT") for n in range(number % 3)]
        it = builders.segment("IT")
        Membership.objects.all()._raw_delete("default")
        assert refresh() == Difference(9, 0)
        assert refresh() == Difference(0, 0)
        assert (it.size(), check(), len(people)) == (9, [], 2)

    def test_keep_since_and_write_the_history_of_those_who_left(self):
        people = [builders.person(f"u{n}", department="IT") for n in range(7)]
        it = builders.segment("IT")
        since = dict(it.memberships.values_list("person", "since"))
        move(people[2:5], "HR")
        assert refresh() == Difference(0, 3)
        assert dict(it.memberships.values_list("person", "since")) == {
            person.pk: since[person.pk] for person in (*people[:2], *people[5:])
        }
        past = PastMembership.objects.order_by("person").values_list("person", "since", "cause", "end_cause")
        assert list(past) == [(person.pk, since[person.pk], "rule", "refresh") for person in people[2:5]]

    def test_end_what_is_stored_of_people_who_cannot_be_in_a_segment(self):
        people = [builders.person(f"u{n}", department="IT") for n in range(5)]
        builders.segment("IT")
        type(people[0]).objects.filter(pk__in=[people[0].pk, people[4].pk]).update(is_active=False)
        Staff.objects.filter(user=people[2])._raw_delete("default")
        assert refresh() == Difference(0, 3)
        assert check() == []

    def test_empty_a_site_without_profiles(self):
        builders.person("ada", department="IT")
        it = builders.segment("IT")
        Staff.objects.all()._raw_delete("default")
        assert refresh() == Difference(0, 1)
        assert members(it) == []

    def test_tell_each_change_in_the_transaction_of_its_crowd(self, heard):
        people = [builders.person(f"u{n}", department="IT") for n in range(7)]
        it, hr = builders.segment("IT"), builders.segment("HR")
        heard.clear()
        move([people[1], people[6]], "HR")
        refresh()
        assert heard == [({it.pk, hr.pk}, {people[1].pk}, "refresh"), ({it.pk, hr.pk}, {people[6].pk}, "refresh")]

    def test_that_are_interrupted_leave_each_membership_old_or_new(self, monkeypatch):
        people = [builders.person(f"u{n}", department="IT") for n in range(7)]
        it, hr = builders.segment("IT"), builders.segment("HR")
        move(people, "HR")
        compare, turns = everybody.compare_crowd, iter([1, 2])

        def interrupted(*args):
            if next(turns) == 2:
                raise KeyboardInterrupt
            return compare(*args)

        monkeypatch.setattr(everybody, "compare_crowd", interrupted)
        with pytest.raises(KeyboardInterrupt):
            refresh()
        assert (members(it), members(hr)) == (["u3", "u4", "u5", "u6"], ["u0", "u1", "u2"])
        monkeypatch.undo()
        assert refresh() == Difference(4, 4)
        assert check() == []

    def test_mark_a_broken_segment_before_anybody_leaves_it(self, heard):
        builders.person("ada", department="IT")
        it = builders.segment("IT")
        Segment.objects.filter(pk=it.pk).update(broken="")
        rows = Segment.objects.filter(pk=it.pk)
        super(type(rows), rows).update(rule=rule("gone", "is", "x"))

        def receiver(segment_ids, **kwargs):
            assert Segment.objects.get(pk=it.pk).broken

        memberships_changed.connect(receiver)
        assert refresh() == Difference(0, 1)
        memberships_changed.disconnect(receiver)

    def test_answer_only_the_segments_that_are_asked_for(self, monkeypatch):
        monkeypatch.setattr(refreshing, "FEW_SEGMENTS", 0)
        for number in range(5):
            builders.person(f"u{number}", department="IT")
        it = builders.segment("IT")
        outer = builders.segment("Outer", {"all": [{"operator": "in_segment", "value": "it"}]})
        Membership.objects.all()._raw_delete("default")
        assert refresh([outer]) == Difference(5, 0)
        assert (it.size(), outer.size()) == (0, 5)


class TestSmallCrowd:
    @pytest.fixture(autouse=True)
    def always_small_crowds(self, monkeypatch):
        monkeypatch.setattr(refreshing, "FEW_ANSWERS", 0)

    def test_moves_those_who_changed_and_nobody_else(self):
        ada, bob = builders.person("ada", department="HR"), builders.person("bob", department="HR")
        it, hr = builders.segment("IT"), builders.segment("HR")
        move([bob], "IT")
        ada.staff.department = "IT"
        ada.staff.save()
        assert (members(it), members(hr)) == (["ada"], ["bob"])

    def test_ends_all_memberships_of_somebody_who_left(self):
        ada = builders.person("ada", department="IT")
        builders.segment("IT")
        ada.is_active = False
        ada.save()
        assert not Membership.objects.exists()
        assert PastMembership.objects.count() == 1


class TestProfileSave:
    def test_costs_the_same_however_many_segments_do_not_mention_what_changed(self):
        ada = builders.person("ada", department="HR", level=1)
        self.more_segments("department", "is", [f"D{n}" for n in range(20)])
        few = self.queries_of_a_move(ada, "D1", "D2")
        self.more_segments("level", "is", range(480))
        assert Segment.objects.count() == 500
        assert self.queries_of_a_move(ada, "D3", "D4") <= few + 3

    @staticmethod
    def more_segments(attribute, operator, values):
        Segment.objects.bulk_create(
            [
                Segment(name=f"{attribute} {n}", slug=f"{attribute}-{n}", rule=rule(attribute, operator, value))
                for n, value in enumerate(values)
            ]
        )

    @staticmethod
    def queries_of_a_move(person, first, then):
        for department in (first, then):
            person.staff.department = department
            with CaptureQueriesContext(connection) as captured:
                person.staff.save()
        return len(captured)


class TestPlaces:
    @pytest.mark.parametrize("number", [1, 7, 8, 9, 64, 301])
    @pytest.mark.parametrize("kinds", [3, 300])
    def test_hold_who_is_of_which_kind(self, number, kinds):
        places = Places(number)
        sets = places.of_kinds([place % kinds for place in range(number)], [[kind % 2] for kind in range(kinds)])
        odd = list(places.listed(sets.get(1, 0), 0, number))
        assert odd == [place for place in range(number) if place % kinds % 2]
        assert sets.get(0, 0) | sets.get(1, 0) == places.all

    def test_list_a_part_of_a_set(self):
        places = Places(100)
        even = places.of_pairs((place, 0) for place in range(0, 100, 2))[0]
        assert list(places.listed(even, 30, 35)) == [30, 32, 34]
