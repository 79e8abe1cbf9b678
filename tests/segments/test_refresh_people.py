"""Memberships follow what happens to people, in the same transaction."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import builders
from tests.intranet.models import Office, Skill, Staff, Unit
from wagtail_personalize import people
from wagtail_personalize.hookspecs import memberships_changed
from wagtail_personalize.segments.models import Membership
from wagtail_personalize.segments.refresh import Difference, refresh

pytestmark = pytest.mark.django_db


def rule(attribute, operator, value=None, **more):
    condition = {"attribute": attribute, "operator": operator, **more}
    return {"all": [condition if value is None else {**condition, "value": value}]}


def names(segment):
    return sorted(person.username for person in segment.people())


def change(person, **values):
    for name, value in values.items():
        setattr(person.staff, name, value)
    person.staff.save()


@pytest.fixture
def heard():
    """What ``memberships_changed`` told."""
    told = []

    def receiver(segment_ids, person_ids, cause, **kwargs):
        told.append((set(segment_ids), person_ids, cause))

    memberships_changed.connect(receiver)
    yield told
    memberships_changed.disconnect(receiver)


class TestProfile:
    def test_moves_at_once(self, heard):
        ada = builders.person("ada", department="HR")
        it, hr = builders.segment("IT"), builders.segment("HR")
        heard.clear()
        change(ada, department="IT")
        assert (names(it), names(hr)) == (["ada"], [])
        assert heard == [({it.pk, hr.pk}, [ada.pk], "profile")]

    def test_that_did_not_move_tells_nobody(self, heard):
        ada = builders.person("ada", department="HR")
        builders.segment("HR")
        heard.clear()
        change(ada, level=3, department="HR")
        assert heard == []

    def test_counts_in_a_segment_that_names_another(self):
        ada = builders.person("ada", department="HR")
        builders.segment("IT")
        outer = builders.segment("Outer", {"none": [{"operator": "in_segment", "value": "it"}]})
        assert names(outer) == ["ada"]
        change(ada, department="IT")
        assert names(outer) == []

    def test_is_rolled_back_with_its_memberships(self):
        ada = builders.person("ada", department="HR")
        it = builders.segment("IT")
        with transaction.atomic():
            change(ada, department="IT")
            assert names(it) == ["ada"]
            transaction.set_rollback(True)
        assert names(it) == []

    def test_that_is_new_enters_all_its_segments(self):
        it, seniors = builders.segment("IT"), builders.segment("Seniors", rule("level", "gte", 5))
        builders.person("ada", department="IT", level=7)
        assert (names(it), names(seniors)) == (["ada"], ["ada"])

    def test_that_is_deleted_leaves_all(self):
        ada = builders.person("ada", department="IT")
        it = builders.segment("IT")
        ada.staff.delete()
        assert it.size() == 0

    def test_keeps_since_where_the_person_stays(self):
        ada = builders.person("ada", department="IT", level=5)
        it, seniors = builders.segment("IT"), builders.segment("Seniors", rule("level", "gte", 5))
        before = it.memberships.get().since
        change(ada, level=1)
        assert it.memberships.get().since == before
        assert seniors.size() == 0


class TestPerson:
    def test_who_leaves_the_company_leaves_every_segment(self):
        ada = builders.person("ada", department="IT")
        it = builders.segment("IT")
        ada.is_active = False
        ada.save()
        assert it.size() == 0
        ada.is_active = True
        ada.save()
        assert names(it) == ["ada"]

    def test_who_changes_the_name(self):
        ada = builders.person("ada", last_name="Byron")
        segment = builders.segment("Lovelaces", rule("last_name", "is", "lovelace"))
        ada.last_name = "Lovelace"
        ada.save()
        assert names(segment) == ["ada"]

    def test_who_is_deleted(self):
        ada = builders.person("ada", department="IT")
        it = builders.segment("IT")
        ada.delete()
        assert it.size() == 0
        assert not Membership.objects.exists()

    def test_who_enters_a_group(self):
        group = Group.objects.create(name="First aid")
        segment = builders.segment("First aid", {"all": [{"operator": "in_group", "value": "First aid"}]})
        ada = builders.person("ada")
        ada.groups.add(group)
        assert names(segment) == ["ada"]
        group.user_set.clear()
        assert names(segment) == []

    def test_who_learns_a_skill(self):
        ada = builders.person("ada", skills=["Python"])
        bob = builders.person("bob")
        segment = builders.segment("Python", rule("skills", "has_any", ["Python"]))
        bob.staff.skills.set(ada.staff.skills.all())
        assert names(segment) == ["ada", "bob"]


class TestLinkedThings:
    def test_that_move_take_everybody_along(self):
        top = Unit.objects.create(code="TOP", name="Top")
        Unit.objects.create(code="DEV", name="Development")
        builders.person("ada", unit="DEV")
        segment = builders.segment("Under the top", rule("unit", "is_under", ["TOP"]))
        assert names(segment) == []
        Unit.objects.filter(code="DEV").get().parent = top
        development = Unit.objects.get(code="DEV")
        development.parent = top
        development.save()
        assert names(segment) == ["ada"]

    def test_that_are_deleted_break_the_rule_and_empty_the_segment(self):
        office = Office.objects.create(code="UTR", city="Utrecht")
        builders.person("ada", office="UTR")
        builders.person("bob")
        segment = builders.segment("Elsewhere", {"none": rule("office", "is", "UTR")["all"]})
        outer = builders.segment("Outer", {"none": [{"operator": "in_segment", "value": "elsewhere"}]})
        assert names(segment) == ["bob"]
        office.delete()
        segment.refresh_from_db()
        assert segment.broken
        assert segment.size() == 0
        outer.refresh_from_db()
        assert outer.broken
        assert outer.size() == 0

    def test_that_are_deleted_and_come_back_mend_it_for_everybody(self):
        office = Office.objects.create(code="UTR", city="Utrecht")
        builders.person("ada", office="UTR")
        builders.person("bob")
        segment = builders.segment("Elsewhere", {"none": rule("office", "is", "UTR")["all"]})
        office.delete()
        Office.objects.create(code="UTR", city="Utrecht")
        builders.person("eve", office="UTR")
        segment.refresh_from_db()
        assert segment.broken == ""
        assert names(segment) == ["ada", "bob"]

    def test_a_manager_takes_everybody_below_along(self):
        ada = builders.person("ada", staff_number="1")
        bob = builders.person("bob")
        eve = builders.person("eve", manager=bob.staff)
        segment = builders.segment("Below Ada", {"all": [{"operator": "reports_to", "value": "1", "depth": "any"}]})
        change(bob, manager=ada.staff)
        assert names(segment) == ["bob", "eve"]
        change(eve, manager=None)
        assert names(segment) == ["bob"]


class TestNamedThings:
    """What a rule names may go although it is nobody's; then nobody may be left in the segment."""

    @pytest.mark.parametrize(
        ("condition", "thing"),
        [
            (("office", "UTR"), lambda: Office.objects.create(code="UTR", city="Utrecht")),
            (("unit", "DEV"), lambda: Unit.objects.create(code="DEV", name="Development")),
            (("skills", "Chess"), lambda: Skill.objects.create(name="Chess")),
        ],
    )
    def test_break_the_rule_when_they_go_and_mend_it_when_they_come(self, condition, thing):
        attribute, name = condition
        builders.person("ada")
        here = thing()
        operator, value = ("has_none", [name]) if attribute == "skills" else ("is_not", name)
        segment = builders.segment("Others", rule(attribute, operator, value))
        assert names(segment) == ["ada"]
        here.delete()
        assert self.is_broken(segment)
        thing()
        assert not self.is_broken(segment)
        assert names(segment) == ["ada"]

    def test_are_groups_too(self):
        builders.person("ada")
        group = Group.objects.create(name="First aid")
        segment = builders.segment("Others", {"all": [{"operator": "not_in_group", "value": "First aid"}]})
        assert names(segment) == ["ada"]
        group.delete()
        assert self.is_broken(segment)
        Group.objects.create(name="First aid")
        assert names(segment) == ["ada"]

    def test_are_managers_too(self):
        boss = builders.person("boss", staff_number="1")
        builders.person("ada")
        segment = builders.segment("Others", {"none": [{"operator": "reports_to", "value": "1", "depth": "any"}]})
        assert names(segment) == ["ada", "boss"]
        boss.delete()
        assert self.is_broken(segment)

    def test_break_the_rule_when_they_are_renamed(self):
        builders.person("ada")
        office = Office.objects.create(code="UTR", city="Utrecht")
        segment = builders.segment("Others", rule("office", "is_not", "UTR"))
        office.code = "UTC"
        office.save()
        assert self.is_broken(segment)

    def is_broken(self, segment):
        segment.refresh_from_db()
        return bool(segment.broken) and segment.size() == 0


class TestBulkUpdate:
    def test_is_told_by_one_call(self):
        for number in range(5):
            builders.person(f"user-{number}", department="HR")
        it = builders.segment("IT")
        moved = Staff.objects.filter(user__username__in=["user-1", "user-3"])
        moved.update(department="IT")
        people.changed(Staff.objects.filter(department="IT"), {"department"})
        assert names(it) == ["user-1", "user-3"]


class TestCost:
    """Counted without savepoints, which only tests have so many of."""

    @staticmethod
    def count(action, capture):
        with capture() as captured:
            action()
        return sum("SAVEPOINT" not in query["sql"] for query in captured.captured_queries)

    @pytest.fixture
    def capture(self):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        return lambda: CaptureQueriesContext(connection)

    def test_of_a_profile_is_the_same_at_any_number_of_segments_that_mention_it(self, capture):
        ada = builders.person("ada", department="HR")
        builders.segment("IT")
        change(ada, department="Warm-up")
        one = self.count(lambda: change(ada, department="IT"), capture)
        for number in range(20):
            builders.segment(
                f"S{number}",
                {"any": [*rule("department", "is", f"D{number}")["all"], *rule("department", "is", "IT")["all"]]},
            )
        change(ada, department="Warm-up")
        assert self.count(lambda: change(ada, department="IT"), capture) <= one
        assert Membership.objects.count() == 21

    def test_of_a_batch_is_the_same_at_any_number_of_people(self, capture):
        staff = [builders.person(department="HR").staff for _ in range(50)]
        it, _hr = builders.segment("IT"), builders.segment("HR")

        def move(some):
            chosen = Staff.objects.filter(pk__in=[each.pk for each in some])
            chosen.update(department="IT")
            people.changed(chosen, {"department"})

        move(staff[:1])
        one = self.count(lambda: move(staff[1:2]), capture)
        assert self.count(lambda: move(staff[2:]), capture) == one
        assert it.size() == 50

    def test_of_leaving_does_not_ask_any_rule(self, capture):
        ada = builders.person("ada", department="IT")
        for number in range(20):
            builders.segment(f"S{number}", rule("department", "is", "IT"))
        ada.is_active = False
        with capture() as captured:
            ada.save()
        assert not any("UNION ALL" in query["sql"] for query in captured.captured_queries)
        assert not Membership.objects.exists()


class TestOrder:
    """Writers take the lock of the memberships before any row of a person, as a refresh does."""

    @staticmethod
    def writes(action, within=transaction.atomic):
        with CaptureQueriesContext(connection) as captured, within():
            action()
        asked = [query["sql"].replace("`", '"') for query in captured.captured_queries]
        return [sql for sql in asked if sql.startswith(("INSERT", "UPDATE", "DELETE"))]

    def test_of_saving_a_user(self):
        ada = builders.person("ada", department="IT")
        ada.is_active = False
        assert "stateversion" in self.writes(ada.save)[0]

    def test_of_saving_a_profile(self):
        ada = builders.person("ada", department="IT")
        ada.staff.department = "HR"
        assert "stateversion" in self.writes(ada.staff.save)[0]

    def test_of_deleting_a_user(self):
        ada = builders.person("ada", department="IT")
        assert "stateversion" in self.writes(ada.delete)[0]

    def test_needs_no_lock_when_nothing_is_different(self):
        ada = builders.person("ada", department="IT")
        assert len(self.writes(ada.save)) == 1
        assert len(self.writes(ada.staff.save)) == 1
        ada.last_login = timezone.now()
        assert len(self.writes(lambda: ada.save(update_fields=["last_login"]))) == 1


class TestRefreshOfSome:
    def test_people_leaves_others_alone(self):
        ada, bob = builders.person("ada", department="IT"), builders.person("bob", department="IT")
        it = builders.segment("IT")
        it.memberships.all()._raw_delete("default")
        assert refresh(person_ids=[ada.pk]) == Difference(1, 0)
        assert names(it) == ["ada"]
        assert refresh([it], [bob.pk]) == Difference(1, 0)

    def test_segments_leaves_others_alone(self):
        builders.person("ada", department="IT")
        one, two = builders.segment("One", rule("department", "is", "IT")), builders.segment("IT")
        Membership.objects.all()._raw_delete("default")
        assert refresh([one]) == Difference(1, 0)
        assert (one.size(), two.size()) == (1, 0)

    def test_many_people_are_answered_in_bounded_statements(self, monkeypatch):
        from wagtail_personalize.segments import answers

        monkeypatch.setattr(answers, "MOST_SELECTS", 3)
        monkeypatch.setattr(answers, "MOST_PARAMETERS", 10)
        persons = [builders.person(department="IT") for _ in range(7)]
        segments = [builders.segment(f"S{number}", rule("department", "is", "IT")) for number in range(8)]
        Membership.objects.all()._raw_delete("default")
        assert refresh(person_ids=[person.pk for person in persons]) == Difference(56, 0)
        assert all(segment.size() == 7 for segment in segments)

    def test_more_people_than_can_be_listed_are_compared_in_place(self, monkeypatch):
        from wagtail_personalize.segments import refresh as module

        monkeypatch.setattr(module, "FEW_PEOPLE", 1)
        ada, bob = builders.person("ada", department="IT"), builders.person("bob", department="IT")
        it = builders.segment("IT")
        it.memberships.all()._raw_delete("default")
        assert refresh([it], [ada.pk, bob.pk]) == Difference(2, 0)
