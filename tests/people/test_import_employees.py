"""Importing into the ready-made employee profile, places and departments included."""

from datetime import date

import pytest

from tests.people.hr_files import bring_in, counts, hr_file
from wagtail_personalize.people.employees.models import Country, Department, EmployeeProfile, Language, Location
from wagtail_personalize.people.importing.mapping.definition import Mapping

pytestmark = pytest.mark.django_db

RULES = {
    "match": "no",
    "create_users": True,
    "login_name": "{no}",
    "columns": {
        "mode": "work_mode",
        "hired": "hire_date",
        "born": {"to": "birthday", "only_new": True},
        "speaks": {"to": "languages", "separator": ",", "only_new": True},
    },
    "constants": {"employment_type": "permanent"},
    "links": {
        "location": {
            "find": {"name": "city", "country__name": "country"},
            "create": True,
            "new": {"code": "{city:slug}", "country__code": "{country:initial}"},
        },
        "department": {"path": ["division", "team"], "by": "name", "create": True, "new": {"code": "{path:slug}"}},
    },
}
HEADER = "no;mode;hired;born;speaks;city;country;division;team\n"
LINES = (
    "1;Remote;31.01.2020;29.02.1984;de,en;Munich;Germany;Care;Wards\n"
    "2;on_site;01.02.2021;24.12.1990;;Ulm;Germany;Care;Kitchen\n"
    "3;;;;nl;Nowhere;;;\n"
)


@pytest.fixture(autouse=True)
def ready_profile(settings):
    settings.WAGTAIL_PERSONALIZE = {"PROFILE": "wagtail_personalize.people.employees.declaration.EmployeeDeclaration"}


@pytest.fixture
def bring(tmp_path):
    for code in ("de", "en", "nl"):
        Language.objects.create(code=code, name=code)
    return lambda lines, **options: bring_in(hr_file(tmp_path, HEADER + lines), Mapping.from_dict(RULES), **options)


def employee(number):
    return EmployeeProfile.objects.get(staff_number=number)


class TestEmployees:
    def test_get_all_that_the_file_says(self, bring):
        assert counts(bring(LINES)) == {"new": 3}
        anna = employee("1")
        assert (anna.work_mode, anna.employment_type, anna.hire_date) == ("remote", "permanent", date(2020, 1, 31))
        assert (anna.birthday, {language.code for language in anna.languages.all()}) == (
            date(2000, 2, 29),
            {"de", "en"},
        )
        assert (anna.location.name, anna.location.country.name) == ("Munich", "Germany")
        assert (anna.department.name, anna.department.parent.name) == ("Wards", "Care")
        assert employee("3").location.country is None

    def test_share_places_countries_and_departments(self, bring):
        bring(LINES)
        assert (Location.objects.count(), Country.objects.count(), Department.objects.count()) == (3, 1, 3)
        assert counts(bring(LINES)) == {"unchanged": 3}
        assert (Location.objects.count(), Country.objects.count()) == (3, 1)

    def test_are_counted_alike_in_a_dry_run_that_makes_nothing(self, bring):
        result = bring(LINES, dry_run=True)
        assert (counts(result), result.made) == ({"new": 3}, {"location": 3, "department": 3})
        assert [model.objects.count() for model in (Location, Country, Department)] == [0, 0, 0]
