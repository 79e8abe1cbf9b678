import pytest
from django.db.models import F

from tests.builders import person
from tests.intranet.models import Staff
from wagtail_personalize.people import folded_values
from wagtail_personalize.people.exact import ExactText
from wagtail_personalize.people.models import FoldedValue

pytestmark = pytest.mark.django_db

ALIKE = ["Zürich", "ZÜRICH", "zurich", "Zurich", "Zurich ", "Zu\u0308rich", "ß", "ss", "😀", "😁"]


class TestExactText:
    @pytest.fixture(autouse=True)
    def people(self):
        for text in ALIKE:
            person(department=text)

    @pytest.mark.parametrize("text", ALIKE)
    def test_finds_only_the_very_same_text(self, text):
        found = Staff.objects.alias(exact=ExactText(F("department"))).filter(exact=text)
        assert [staff.department for staff in found] == [text]

    def test_keeps_apart_what_collations_take_for_equal(self):
        distinct = Staff.objects.annotate(exact=ExactText(F("department"))).values_list("exact", flat=True).distinct()
        assert sorted(distinct) == sorted(ALIKE)

    def test_turns_numbers_into_text(self):
        person(level=7)
        found = Staff.objects.alias(exact=ExactText(F("level"))).filter(exact="7")
        assert found.count() == 1


class TestRemember:
    def folded(self, attribute="department"):
        return dict(FoldedValue.objects.filter(attribute=attribute).values_list("value", "folded"))

    def test_keeps_each_distinct_text_once_with_what_it_folds_to(self):
        for text in ["Zürich", "ZÜRICH", "Zürich", ""]:
            person(department=text)
        FoldedValue.objects.all().delete()
        folded_values.remember()
        assert self.folded() == {"Zürich": "zurich", "ZÜRICH": "zurich"}

    def test_looks_only_at_the_given_attributes_and_profiles(self):
        person(department="IT", last_name="Rossi")
        sales = person(department="Sales", last_name="Weber")
        FoldedValue.objects.all().delete()
        folded_values.remember({"department"}, Staff.objects.filter(user=sales))
        assert self.folded() == {"Sales": "sales"}
        assert self.folded("last_name") == {}

    def test_adds_nothing_twice(self, django_assert_num_queries):
        person(department="IT")
        folded_values.remember({"department"})
        with django_assert_num_queries(2):
            folded_values.remember({"department"})

    def test_follows_paths_over_links(self, django_assert_num_queries):
        from tests.intranet.models import Office

        person(office=Office.objects.create(code="muc", city="München"))
        FoldedValue.objects.all().delete()
        folded_values.remember()
        assert self.folded("city") == {"München": "munchen"}


class TestTidy:
    def test_forgets_what_nobody_has_any_more(self):
        gone = person(motto="My secret motto")
        folded_values.remember()
        gone.delete()
        folded_values.tidy()
        assert not FoldedValue.objects.exists()

    def test_folds_again_what_an_older_version_folded(self):
        person(department="Zürich")
        folded_values.remember()
        FoldedValue.objects.update(folded="zürich", folded_hash="old")
        folded_values.tidy()
        assert FoldedValue.objects.get(value="Zürich").folded == "zurich"
