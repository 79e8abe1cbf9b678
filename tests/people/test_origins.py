"""Where values come from: import, administration or the person."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.builders import person, segment, user
from tests.intranet.models import Office, Skill, Staff, Unit
from tests.people.hr_files import bring_in, hr_file, mapping, staff
from wagtail_personalize import people
from wagtail_personalize.people.models import ValueOrigin
from wagtail_personalize.people.origins.reading import Origins, said
from wagtail_personalize.people.origins.writing import set_by
from wagtail_personalize.people.pages.own_form import own_form_class

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring(tmp_path):
    return lambda text, rules=None, **options: bring_in(hr_file(tmp_path, text), rules, **options)


def source(someone, attribute):
    """Who set this value, as far as it was recorded."""
    origin = Origins(someone.pk).of(attribute)
    return origin and origin.source


def own_rows(someone):
    return set(ValueOrigin.objects.filter(person=someone).exclude(attribute="").values_list("attribute", "source"))


class TestSaving:
    def test_a_new_profile_is_one_row_for_everything(self):
        anna = person(department="IT", level=3)
        assert [(row.attribute, row.source) for row in ValueOrigin.objects.filter(person=anna)] == [("", "admin")]
        assert source(anna, "department") == source(anna, "level") == "admin"

    def test_a_changed_value_is_the_administrations_and_only_that(self):
        anna = person(department="IT", level=3)
        anna.staff.level = 4
        anna.staff.save()
        assert own_rows(anna) == {("level", "admin")}

    def test_within_set_by_is_the_persons_own(self):
        anna = person()
        with set_by("self"):
            anna.staff.motto = "Go on"
            anna.staff.save()
        assert own_rows(anna) == {("motto", "self")}

    def test_of_a_link_counts_for_what_is_read_over_it(self):
        anna = person()
        anna.staff.office = Office.objects.create(code="muc", city="München")
        anna.staff.save()
        assert own_rows(anna) == {("office", "admin"), ("city", "admin")}

    def test_of_a_linked_object_counts_for_what_it_holds_but_not_for_the_link(self):
        office = Office.objects.create(code="muc", city="Munich")
        anna = person(office=office)
        office.city, office.code = "München", "MUC"
        office.save()
        assert own_rows(anna) == {("city", "admin")}

    def test_of_a_node_that_moves_changes_nobodys_value(self):
        anna = person(unit=(unit := Unit.objects.create(code="it", name="IT")))
        unit.parent = Unit.objects.create(code="firm", name="Firm")
        unit.save()
        assert own_rows(anna) == set()

    def test_of_another_manager_is_recorded(self):
        anna = person()
        anna.staff.manager = person().staff
        anna.staff.save()
        assert own_rows(anna) == {("reports_to", "admin")}

    def test_of_many_values_is_recorded(self):
        anna = person(skills=["Python"])
        assert own_rows(anna) == {("skills", "admin")}

    def test_of_a_user_who_leaves_says_nothing_about_values(self):
        anna = person(department="IT")
        before = ValueOrigin.objects.get(person=anna).at
        anna.is_active = False
        anna.save()
        assert ValueOrigin.objects.get(person=anna).at == before

    def test_costs_one_query_more(self):
        anna = person(department="IT")
        anna.staff.department, anna.staff.level = "Sales", 5
        with CaptureQueriesContext(connection) as captured:
            anna.staff.save()
        assert sum("personalize_people_valueorigin" in query["sql"] for query in captured) == 1

    def test_of_somebody_without_a_profile_leaves_nothing(self):
        user().save()
        assert not ValueOrigin.objects.exists()


class TestOwnForm:
    def test_says_that_the_person_did_it(self):
        anna = person(motto="Go")
        form = own_form_class()({"motto": "Go on"}, instance=Staff.objects.get(user=anna), user=anna)
        assert form.is_valid(), form.errors
        form.save()
        assert own_rows(anna) == {("motto", "self")}
        assert said(Origins(anna.pk).of("motto"), own=True).startswith("you, on ")


class TestBulkChange:
    def test_of_some_people_and_attributes(self):
        anna, berta = person(), person()
        people.changed(Staff.objects.filter(user=anna), {"department", "in_group"})
        assert own_rows(anna) == {("department", "bulk")}
        assert own_rows(berta) == set()

    def test_of_everybody_takes_at_most_two_statements_for_an_attribute(self):
        anna, berta = person(), person()
        anna.staff.department = "IT"
        anna.staff.save()
        with CaptureQueriesContext(connection) as captured:
            people.changed(attributes={"department"})
        assert own_rows(anna) == own_rows(berta) == {("department", "bulk")}
        assert sum("valueorigin" in query["sql"] for query in captured) == 2

    def test_of_nobody_knows_what_takes_no_origin_away_and_says_so(self):
        anna, berta = person(), person()
        anna.staff.department = "IT"
        anna.staff.save()
        people.changed(Staff.objects.filter(user=anna))
        assert source(anna, "department") == source(anna, "level") == source(berta, "level") == "admin"
        doubtful = said(Origins(anna.pk).of("department"))
        assert doubtful.startswith("administration, on ")
        assert "; perhaps changed with many profiles on " in doubtful
        assert "perhaps" not in said(Origins(berta.pk).of("department"))

    def test_of_nobody_knows_what_casts_no_doubt_on_what_is_set_later(self):
        anna = person()
        people.changed(Staff.objects.filter(user=anna))
        people.changed(Staff.objects.filter(user=anna))
        anna.staff.department = "IT"
        anna.staff.save()
        assert "perhaps" not in said(Origins(anna.pk).of("department"))
        assert "perhaps" in said(Origins(anna.pk).of("level"))

    def test_of_nobody_knows_what_and_whom_takes_two_statements(self):
        anna = person()
        with CaptureQueriesContext(connection) as captured:
            people.changed()
        assert "perhaps" in said(Origins(anna.pk).of("level"))
        assert sum("valueorigin" in query["sql"] for query in captured) == 2


class TestDeletingALinkedObject:
    """The link is emptied by the database, without a save; it still has an origin, and rules hear of it."""

    def test_counts_for_the_link_and_for_what_was_read_over_it(self):
        office = Office.objects.create(code="muc", city="München")
        anna, berta = person(office=office), person()
        office.delete()
        assert own_rows(anna) == {("office", "admin"), ("city", "admin")}
        assert own_rows(berta) == set()

    def test_counts_for_the_people_at_a_node_and_not_for_those_below(self):
        above = Unit.objects.create(code="firm", name="Firm")
        anna, berta = person(unit=above), person(unit=Unit.objects.create(code="it", name="IT", parent=above))
        above.delete()
        assert own_rows(anna) == {("unit", "admin")}
        assert own_rows(berta) == set()

    def test_counts_for_one_of_many_values(self):
        anna, berta = person(skills=["Python", "Go"]), person(skills=["Go"])
        ValueOrigin.objects.exclude(attribute="").delete()
        Skill.objects.get(name="Python").delete()
        assert own_rows(anna) == {("skills", "admin")}
        assert own_rows(berta) == set()

    def test_counts_for_whoever_reported_to_a_manager_who_is_gone(self):
        boss = person()
        anna = person(manager=boss.staff)
        berta = person(manager=anna.staff)
        boss.delete()
        assert own_rows(anna) == {("reports_to", "admin")}
        assert own_rows(berta) == set()

    def test_says_who_emptied_the_value(self):
        anna = person(office=Office.objects.create(code="muc", city="München"))
        Office.objects.all().delete()
        origins = Origins(anna.pk)
        assert said(origins.of_nothing("office")).startswith("administration, on ")
        assert origins.of_nothing("level") is None

    def test_re_evaluates_the_segments_at_once(self):
        anna = person(office=Office.objects.create(code="muc", city="München"))
        rule = {"all": [{"attribute": "office", "operator": "is", "value": "muc"}]}
        here = segment("Munich", {"any": [rule["all"][0], {"attribute": "city", "operator": "is", "value": "München"}]})
        nowhere = segment("Nowhere", {"all": [{"attribute": "city", "operator": "is_empty"}]})
        assert (list(here.people()), list(nowhere.people())) == ([anna], [])
        Office.objects.all().delete()
        assert (list(here.people()), list(nowhere.people())) == ([], [anna])

    def test_takes_a_number_of_statements_that_does_not_depend_on_the_people(self):
        def queries(number):
            office = Office.objects.create(code=f"o{number}", city="Ulm")
            for _n in range(number):
                person(office=office)
            with CaptureQueriesContext(connection) as captured:
                office.delete()
            return len(captured)

        assert queries(2) == queries(12)


class TestImport:
    def test_names_its_file_and_day(self, bring):
        bring("no,dept\n7,IT\n")
        origin = Origins(staff("7").user_id).of("department")
        assert (origin.source, origin.file_name) == ("import", "people.csv")
        assert said(origin) == f"import from HR on {origin.day} (people.csv)"

    def test_costs_one_row_for_somebody_new(self, bring):
        bring("no,dept,title\n7,IT,Clerk\n8,IT,Head\n")
        assert list(ValueOrigin.objects.values_list("attribute", "source")) == [("", "import")] * 2

    def test_records_only_what_changes(self, bring):
        bring("no,dept,title\n7,IT,Clerk\n8,IT,Head\n")
        bring("no,dept,title\n7,IT,Boss\n8,IT,Head\n")
        assert own_rows(staff("7").user) == {("job_title", "import")}
        assert own_rows(staff("8").user) == set()

    def test_again_writes_nothing(self, bring):
        text = "no,dept\n7,IT\n8,Sales\n"
        bring(text)
        with CaptureQueriesContext(connection) as captured:
            bring(text)
        assert not [query["sql"] for query in captured if "valueorigin" in query["sql"].lower()]

    def test_takes_two_statements_for_a_batch_however_many_people(self, bring):
        bring("no,dept,boss\n" + "".join(f"{number},IT,\n" for number in range(20)))
        with CaptureQueriesContext(connection) as captured:
            bring("no,dept,boss\n" + "".join(f"{number},Sales,1\n" for number in range(40)))
        assert sum("valueorigin" in query["sql"].lower() for query in captured) == 2
        assert own_rows(staff("5").user) == {("department", "import"), ("reports_to", "import")}

    def test_takes_over_what_the_person_had_set(self, bring):
        bring("no,dept\n7,IT\n")
        anna = staff("7")
        with set_by("self"):
            anna.department = "Sales"
            anna.save()
        assert source(anna.user, "department") == "self"
        bring("no,dept\n7,IT\n")
        assert source(anna.user, "department") == "import"

    def test_counts_for_the_profile_of_a_known_user(self, bring):
        anna = person(staff_number="7")
        bring("no,dept\n7,IT\n", mapping(create_users=False))
        assert (source(anna, "department"), source(anna, "level")) == ("import", "admin")


class TestForgetting:
    def test_goes_with_the_user(self):
        person().delete()
        assert not ValueOrigin.objects.exists()

    def test_goes_with_the_profile(self):
        anna = person()
        anna.staff.delete()
        assert not ValueOrigin.objects.exists()

    def test_of_a_run_leaves_the_source(self, bring):
        bring("no,dept\n7,IT\n")
        ValueOrigin.objects.get().run.delete()
        assert said(Origins(staff("7").user_id).of("department")).startswith("import from HR on ")


class TestReading:
    def test_says_what_was_never_recorded(self):
        anna = person()
        ValueOrigin.objects.all().delete()
        assert said(Origins(anna.pk).of("department")) == "not recorded"

    def test_costs_one_query(self, django_assert_num_queries):
        anna = person()
        with django_assert_num_queries(1):
            origins = Origins(anna.pk)
            origins.of("department")
            origins.of("level", "reports_to")
