import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.builders import person, user
from tests.intranet.models import Office, Skill, Staff, Unit
from wagtail_personalize import people
from wagtail_personalize.hookspecs import profiles_changed
from wagtail_personalize.people.changes import suppressed
from wagtail_personalize.people.models import FoldedValue, ReportingLine, TreePath

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    """Every change that is announced while the test acts: (people, attributes, cause)."""
    calls = []

    def listen(person_ids, attributes, cause, **kwargs):
        calls.append((None if person_ids is None else set(person_ids), attributes, cause))

    profiles_changed.connect(listen)
    yield calls
    profiles_changed.disconnect(listen)


def heard_about(heard, *someone):
    return [attributes for ids, attributes, cause in heard if ids == {one.pk for one in someone}]


class TestSavingAProfile:
    def test_names_only_what_differs(self, heard):
        anna = person(department="IT", level=3)
        heard.clear()
        anna.staff.department = "Sales"
        anna.staff.save()
        assert heard == [({anna.pk}, {"department"}, "profile")]

    def test_says_nothing_when_nothing_differs(self, heard):
        anna = person(department="IT", hired="2020-01-31", level="3")
        heard.clear()
        anna.staff.save()
        assert heard == []

    def test_says_nothing_when_no_declared_field_is_written(self, heard, django_assert_num_queries):
        anna = user()
        heard.clear()
        with django_assert_num_queries(1):
            anna.save(update_fields=["last_login"])
        assert heard == []

    def test_of_a_new_profile_means_everything(self, heard):
        anna = person(department="IT")
        assert heard == [({anna.pk}, None, "profile")]
        assert FoldedValue.objects.filter(attribute="department", value="IT").exists()

    def test_with_another_link_names_all_attributes_over_it(self, heard):
        anna = person()
        heard.clear()
        anna.staff.office = Office.objects.create(code="muc", city="München")
        anna.staff.save()
        assert heard == [({anna.pk}, {"office", "city"}, "profile")]

    def test_with_another_manager_reaches_everybody_below(self, heard):
        boss, head, clerk = person(), person(), person()
        Staff.objects.filter(user=clerk).update(manager=head.staff)
        people.changed()
        heard.clear()
        head.staff.manager = boss.staff
        head.staff.save()
        assert heard == [({head.pk, clerk.pk}, {"reports_to"}, "profile")]
        assert ReportingLine.objects.filter(manager=boss, person=clerk, depth=2).exists()

    def test_given_to_somebody_else_reaches_both(self, heard):
        anna, berta = person(), user()
        heard.clear()
        anna.staff.user = berta
        anna.staff.save()
        assert heard == [({anna.pk, berta.pk}, None, "profile")]

    def test_from_a_fixture_is_left_to_the_documented_call(self, heard):
        anna = person(department="IT")
        heard.clear()
        anna.staff.department = "Sales"
        anna.staff.save_base(raw=True)
        assert heard == []


class TestSavingAUser:
    def test_who_is_new_is_not_looked_for(self):
        with CaptureQueriesContext(connection) as captured:
            user()
        asked = [query["sql"] for query in captured if query["sql"].startswith("SELECT")]
        assert not [sql for sql in asked if 'FROM "auth_user"' in sql or "FROM `auth_user`" in sql]

    def test_reaches_attributes_over_the_user(self, heard):
        anna = person(last_name="Weber")
        heard.clear()
        anna.last_name = "Rossi"
        anna.save()
        assert heard == [({anna.pk}, {"last_name"}, "profile")]
        assert FoldedValue.objects.filter(value="Rossi").exists()

    def test_who_leaves_means_everything(self, heard):
        anna = person()
        heard.clear()
        anna.is_active = False
        anna.save()
        assert heard == [({anna.pk}, None, "profile")]

    def test_without_a_profile_says_nothing(self, heard):
        someone = user()
        someone.last_name = "Rossi"
        someone.save()
        someone.groups.add(Group.objects.create(name="Choir"))
        someone.delete()
        assert heard == []


class TestLinks:
    def test_many_values_added_removed_and_cleared(self, heard):
        anna, chess = person(), Skill.objects.create(name="Chess")
        heard.clear()
        anna.staff.skills.add(chess)
        anna.staff.skills.remove(chess)
        anna.staff.skills.set([chess])
        anna.staff.skills.clear()
        assert heard_about(heard, anna) == [{"skills"}] * 4

    def test_many_values_changed_from_the_other_side(self, heard):
        anna, chess = person(), Skill.objects.create(name="Chess")
        heard.clear()
        chess.staff_set.add(anna.staff)
        chess.staff_set.clear()
        assert heard == [({anna.pk}, {"skills"}, "profile")] * 2

    def test_deleted_many_value(self, heard):
        anna, berta = person(skills=["Chess"]), person(skills=["Chess"])
        heard.clear()
        Skill.objects.get().delete()
        assert heard == [({anna.pk, berta.pk}, {"skills"}, "profile")]

    def test_groups(self, heard):
        anna, choir = person(), Group.objects.create(name="Choir")
        heard.clear()
        anna.groups.add(choir)
        choir.name = "Big choir"
        choir.save()
        choir.user_set.remove(anna)
        anna.groups.set([choir])
        choir.delete()
        assert heard == [({anna.pk}, {"in_group"}, "profile")] * 5

    def test_linked_object_that_changes(self, heard):
        office = Office.objects.create(code="muc", city="Munich")
        anna = person(office=office)
        person()
        heard.clear()
        office.city = "München"
        office.save()
        assert heard == [({anna.pk}, {"city"}, "profile")]
        assert FoldedValue.objects.filter(attribute="city", folded="munchen").exists()

    def test_linked_object_that_is_deleted(self, heard):
        anna = person(office=Office.objects.create(code="muc", city="Munich"))
        heard.clear()
        Office.objects.all().delete()
        assert heard == [({anna.pk}, {"office", "city"}, "profile")]


class TestTrees:
    def test_new_moved_and_deleted_nodes_reach_everybody_under_them(self, heard):
        company, other = Unit.objects.create(code="c", name="Company"), Unit.objects.create(code="o", name="Other")
        sales = Unit.objects.create(code="s", name="Sales", parent=company)
        shop = Unit.objects.create(code="sh", name="Shop", parent=sales)
        anna = person(unit=shop)
        heard.clear()
        sales.parent = other
        sales.save()
        assert TreePath.objects.filter(ancestor=str(other.pk), descendant=str(shop.pk), depth=2).exists()
        other.delete()
        assert TreePath.objects.filter(descendant=str(shop.pk)).count() == 2
        assert heard == [({anna.pk}, {"unit"}, "profile")] * 2

    def test_a_node_that_only_changes_its_name_says_nothing(self, heard):
        unit = Unit.objects.create(code="c", name="Company")
        person(unit=unit)
        heard.clear()
        unit.name = "The company"
        unit.save()
        assert heard == []


class TestDeleting:
    def test_a_profile_means_everything_and_reaches_everybody_below(self, heard):
        boss, head, clerk = person(), person(), person()
        Staff.objects.filter(user=head).update(manager=boss.staff)
        Staff.objects.filter(user=clerk).update(manager=head.staff)
        people.changed()
        heard.clear()
        head.staff.delete()
        assert heard == [({head.pk, clerk.pk}, None, "profile")]
        assert not ReportingLine.objects.exists()

    def test_a_user_takes_the_profile_along(self, heard):
        boss, head, clerk = person(), person(), person()
        Staff.objects.filter(user=head).update(manager=boss.staff)
        Staff.objects.filter(user=clerk).update(manager=head.staff)
        people.changed()
        head.delete()
        assert not ReportingLine.objects.exists()


class TestChanged:
    def test_brings_our_tables_up_to_date_after_a_bulk_update(self, heard):
        anna = person(department="IT")
        heard.clear()
        staff = Staff.objects.filter(user=anna)
        staff.update(department="Sales")
        people.changed(staff, {"department"})
        assert heard == [({anna.pk}, {"department"}, "bulk")]
        assert FoldedValue.objects.filter(value="Sales").exists()

    def test_takes_users_as_well_as_profiles(self, heard):
        anna = person()
        heard.clear()
        people.changed(type(anna).objects.filter(pk=anna.pk))
        assert heard == [({anna.pk}, None, "bulk")]

    def test_without_a_queryset_means_anybody(self, heard):
        Unit.objects.bulk_create([Unit(code="c", name="Company")])
        people.changed()
        assert heard == [(None, None, "bulk")]
        assert TreePath.objects.count() == 1

    def test_refuses_an_attribute_that_is_not_declared(self):
        with pytest.raises(ValueError, match="not declared: shoe_size"):
            people.changed(attributes={"shoe_size"})

    def test_costs_the_same_for_one_and_for_many(self, django_assert_max_num_queries):
        for _ in range(30):
            person(department="IT", last_name="Weber")
        with django_assert_max_num_queries(24):
            people.changed(Staff.objects.all())

    def test_does_nothing_without_a_declaration(self, settings, heard):
        settings.WAGTAIL_PERSONALIZE = {}
        people.changed()
        person(department="IT")
        assert heard == []


class TestSuppressed:
    def test_lets_saves_pass_unannounced(self, heard):
        with suppressed():
            anna = person(department="IT", skills=["Chess"])
            anna.delete()
        assert heard == []
