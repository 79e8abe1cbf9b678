"""Importing people where users have an e-mail address instead of a user name, and profiles may lack a user."""

import pytest

from tests.people.hr_files import bring_in, counts, hr_file
from wagtail_personalize.people.importing.mapping.definition import Mapping
from wagtail_personalize.people.importing.sources.contract import ImportRefused
from wagtail_personalize.people.models import ReportingLine

from .models import Account, Member, Team

pytestmark = pytest.mark.django_db

RULES = {
    "match": "no",
    "create_users": True,
    "columns": {"mail": "user.email", "name": "user.full_name"},
    "manager": {"column": "boss"},
    "leave_date": {"column": "left"},
    "links": {"team": {"path": ["division", "team"], "create": True}},
}
HEADER = "no,mail,name,boss,left,division,team\n"


@pytest.fixture
def bring(tmp_path):
    return lambda lines, **more: bring_in(hr_file(tmp_path, HEADER + lines), Mapping.from_dict({**RULES, **more}))


def member(number):
    return Member.objects.select_related("account", "boss", "team__above").get(number=number)


class TestImport:
    LINES = (
        "1,anna@example.com,Anna,2,,Care,Wards\n2,bert@example.com,Bert,,,Care,\n3,c@example.com,Carl,1,2020-01-31,,\n"
    )

    def test_creates_users_without_a_user_name(self, bring):
        assert counts(bring(self.LINES)) == {"new": 2, "left": 1}
        anna = member("1")
        assert (anna.account.email, anna.account.full_name) == ("anna@example.com", "Anna")
        assert not anna.account.has_usable_password()
        assert (anna.boss, anna.team.name, anna.team.above.name) == (member("2").account, "Wards", "Care")
        assert not member("3").account.is_active
        assert ReportingLine.objects.count() == 3

    def test_twice_changes_nothing(self, bring):
        bring(self.LINES)
        assert counts(bring(self.LINES)) == {"unchanged": 3}
        assert (Account.objects.count(), Team.objects.count()) == (3, 2)

    def test_gives_a_user_to_a_profile_without_one(self, bring):
        Member.objects.create(number="1", nickname="Ann")
        assert counts(bring("1,anna@example.com,Anna,2,,,\n2,bert@example.com,Bert,,,,\n")) == {"new": 2}
        anna = member("1")
        assert (anna.account.full_name, anna.nickname, anna.boss.full_name) == ("Anna", "Ann", "Bert")

    def test_rejects_a_profile_without_a_user_when_none_may_be_created(self, bring):
        Member.objects.create(number="1")
        assert counts(bring("1,anna@example.com,Anna,,,,\n", create_users=False)) == {"rejected": 1}

    def test_can_give_an_address_as_login_name(self, bring):
        bring("1,anna,Anna,,,,\n", columns={"name": "user.full_name"}, login_name="{mail}@example.com")
        assert member("1").account.email == "anna@example.com"

    def test_needs_a_login_name(self, bring):
        with pytest.raises(ImportRefused, match="the mapping must say login_name, or fill the login field"):
            bring("1,a@example.com,Anna,,,,\n", columns={"name": "user.full_name"})
