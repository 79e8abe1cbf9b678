from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.forms import Form

from tests.builders import user
from wagtail_personalize.people.birthdays import DayAndMonthField
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.people.employees.models import Country, Department, EmployeeProfile, Location
from wagtail_personalize.people.models import TreePath
from wagtail_personalize.people.values import display_value

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(settings):
    """The site uses the ready-made profile."""
    settings.WAGTAIL_PERSONALIZE = {"PROFILE": "wagtail_personalize.people.employees.declaration.EmployeeDeclaration"}


def employee(**fields):
    return EmployeeProfile.objects.create(user=user(), **fields)


class TestBirthday:
    def test_forgets_its_year_however_it_is_written(self):
        anna, berta = employee(birthday=date(1984, 2, 29)), employee()
        EmployeeProfile.objects.filter(pk=berta.pk).update(birthday="1990-12-31")
        EmployeeProfile.objects.bulk_create([EmployeeProfile(user=user(), birthday=date(1970, 1, 1))])
        days = EmployeeProfile.objects.order_by("birthday").values_list("birthday", flat=True)
        assert list(days) == [date(2000, 1, 1), date(2000, 2, 29), date(2000, 12, 31)]
        assert anna.birthday == date(2000, 2, 29)


class TestDayAndMonthField:
    class BirthdayForm(Form):
        birthday = DayAndMonthField(required=False)

    def form(self, day, month):
        return self.BirthdayForm({"birthday_0": day, "birthday_1": month})

    @pytest.mark.parametrize(
        ("day", "month", "expected"),
        [("29", "2", date(2000, 2, 29)), ("1", "12", date(2000, 12, 1)), ("", "", None)],
    )
    def test_yields_the_day_in_the_year_2000(self, day, month, expected):
        form = self.form(day, month)
        assert form.is_valid()
        assert form.cleaned_data == {"birthday": expected}

    @pytest.mark.parametrize(
        ("day", "month", "sentence"),
        [
            ("30", "2", "That month does not have so many days."),
            ("3", "", "Give both the day and the month, or neither."),
            ("", "3", "Give both the day and the month, or neither."),
        ],
    )
    def test_explains_what_is_wrong(self, day, month, sentence):
        assert self.form(day, month).errors == {"birthday": [sentence]}

    def test_shows_the_day_and_the_month_with_names_for_screen_readers(self):
        html = str(self.BirthdayForm(initial={"birthday": date(2000, 2, 29)})["birthday"])
        assert 'value="29"' in html
        assert '<option value="2" selected>February</option>' in html
        assert 'aria-label="Day"' in html
        assert 'aria-label="Month"' in html


class TestDepartment:
    def test_cannot_be_part_of_itself(self):
        sales = Department.objects.create(code="s", name="Sales")
        shop = Department.objects.create(code="sh", name="Shop", parent=sales)
        sales.parent = shop
        with pytest.raises(ValidationError, match="cannot be part of itself"):
            sales.full_clean()


@pytest.mark.usefixtures("ready")
class TestEmployeeDeclaration:
    def test_has_a_label_and_a_purpose_for_every_attribute(self):
        assert all(attribute.label and attribute.purpose for attribute in get_declaration().attributes)

    def test_reads_every_kind_of_value(self):
        from wagtail_personalize.people.declaration import get_declaration

        germany = Country.objects.create(code="DE", name="Germany")
        munich = Location.objects.create(code="MUC", name="Munich", country=germany)
        sales = Department.objects.create(code="SAL", name="Sales")
        anna = employee(
            department=sales,
            location=munich,
            work_mode="hybrid",
            level=4,
            hire_date="2020-01-31",
            birthday="2000-05-01",
        )
        anna.refresh_from_db()
        shown = {a.name: display_value(anna, a) for a in get_declaration().attributes}
        assert shown == {
            "department": "Sales",
            "division": "",
            "location": "Munich",
            "country": "Germany",
            "job_title": "",
            "function": "",
            "level": "4",
            "employment_type": "",
            "work_mode": "Hybrid",
            "shift": "",
            "hire_date": "Jan. 31, 2020",
            "birthday": "May 1",
            "phone": "",
            "language": "",
            "languages": "",
            "skills": "",
            "interests": "",
        }
        assert TreePath.objects.filter(tree="personalize_employees.department").count() == 1

    def test_hides_birthday_level_employment_type_and_language_from_colleagues(self):
        hidden = {attribute.name for attribute in get_declaration().attributes if not attribute.visible}
        assert hidden == {"birthday", "level", "employment_type", "language"}
