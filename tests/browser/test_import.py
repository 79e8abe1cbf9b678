"""Somebody from HR imports a file with the mouse."""

import pytest
from playwright.sync_api import expect

from tests.builders import person
from tests.intranet.models import Staff
from tests.people.importers import address
from tests.permissions import allowed
from wagtail_personalize.people.importing.models import ImportRun

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]

PEOPLE = (
    "Staff no;First name;Last name;E-mail;Team;Hired;Manager\n"
    "1;Ada;Lovelace;ada@x.org;Research;01.02.2020;\n"
    "2;Bob;Bauer;bob@x.org;Sales;31.12.2021;1\n"
    "3;Cleo;Côte;cleo@x.org;Sales;yesterday;1\n"
)


@pytest.fixture
def tab_of_hr(signed_in, django_user_model, private):
    return signed_in(allowed(django_user_model.objects.create_user("hanna"), "run_import"))


class TestImport:
    def test_goes_from_the_menu_to_the_report(self, tab_of_hr, tmp_path):
        tab = tab_of_hr
        person("bob", first_name="Bob", last_name="Bauer", staff_number="2", department="Legal")
        file = tmp_path / "people.csv"
        file.write_text(PEOPLE)

        tab.goto("/admin/")
        tab.get_by_role("button", name="Personalisation").click()
        tab.get_by_role("link", name="Import people").click()
        expect(tab.get_by_text("Nobody has imported people yet.")).to_be_visible()
        tab.get_by_role("link", name="Import a file").first.click()
        tab.locator("input[type=file][name=file]").set_input_files(file)
        tab.get_by_role("button", name="Upload").click()

        fills = tab.get_by_label("What the column “Team” fills")
        expect(tab.get_by_label("What the column “Staff no” fills")).to_have_value("@match")
        expect(fills).to_have_value("")
        fills.select_option(label="Department")
        tab.get_by_label("Create people who are missing").check()
        tab.get_by_role("button", name="Show what would change").click()
        expect(tab.get_by_text("To create users the mapping must say login_name")).to_be_visible()
        tab.get_by_label("Login name of new people").fill("{E-mail}")
        tab.get_by_label("Save as").fill("HR system")
        tab.get_by_role("button", name="Save the mapping").click()
        expect(tab.get_by_text("The mapping is saved as “HR system”.")).to_be_visible()
        tab.get_by_role("button", name="Show what would change").click()

        expect(tab.get_by_role("row", name="Bob Bauer")).to_contain_text("Sales")
        expect(tab.get_by_text("“yesterday” is not a date")).to_be_visible()
        assert Staff.objects.count() == 1
        tab.get_by_role("button", name="Import now").click()

        expect(tab.get_by_role("link", name="Download all rejected lines")).to_be_visible()
        assert tab.url.endswith(address("run", ImportRun.objects.get().pk))
        assert Staff.objects.get(staff_number="1").department == "Research"

    def test_shows_how_far_it_is_without_reloading(self, tab_of_hr, client, django_user_model):
        from wagtail_personalize.people.importing.uploads import ImportUpload

        upload = ImportUpload.objects.create(file_name="people.csv", state="comparing", done=10, total=40)
        tab_of_hr.goto(address("progress", upload.pk))
        expect(tab_of_hr.get_by_text("Compared 10 of 40 lines.")).to_be_visible()
        ImportUpload.objects.update(done=30)
        expect(tab_of_hr.get_by_text("Compared 30 of 40 lines.")).to_be_visible()
        assert tab_of_hr.get_by_role("progressbar").evaluate("bar => bar.value") == 30
        ImportUpload.objects.update(state="compared")
        tab_of_hr.wait_for_url("**" + address("preview", upload.pk))
