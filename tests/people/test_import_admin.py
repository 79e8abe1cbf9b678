"""The import in the admin, over HTTP: the way from the file to the report."""

import pytest

from tests.builders import person
from tests.intranet.models import Staff
from tests.people.hr_files import staff
from tests.people.importers import address, texts
from wagtail_personalize.people.importing.models import ImportRun
from wagtail_personalize.people.importing.uploads import ImportMapping
from wagtail_personalize.privacy.models import LookAt

pytestmark = pytest.mark.django_db

PEOPLE = (
    "Staff no;First name;Last name;E-mail;Department;Hired;Manager;Left on\n"
    "1;Ada;Lovelace;ada@x.org;Research;01.02.2020;;\n"
    "2;Bob;Bauer;bob@x.org;Sales;31.12.2021;1;\n"
    "3;Cleo;Côte;cleo@x.org;Sales;13.05.2019;1;01.01.2020\n"
)


class TestWizard:
    def test_leads_from_the_file_to_the_report(self, wizard, importer, private):
        person("bob", first_name="Bob", last_name="Bauer", staff_number="2", department="Legal")
        answer = wizard.upload(PEOPLE)
        assert answer.url == address("columns", wizard.last.pk)
        page = texts(wizard.page())
        assert "Encoding: utf-8 (detected), Delimiter: semicolon (detected)" in page
        answer = wizard.columns(create_users="on", login_name="{E-mail}")
        assert wizard.client.get(answer.url).url == address("preview", wizard.last.pk)
        page = texts(wizard.page("preview"))
        assert "Department: before: Legal → after: Sales" in page
        assert not ImportRun.objects.exists()
        answer = wizard.client.get(wizard.confirm().url)
        run = ImportRun.objects.get()
        assert answer.url == address("run", run.pk)
        report = texts(wizard.client.get(answer.url))
        assert "New 1" in report
        assert "Hanna HR" in report
        assert (run.by, run.state) == (importer, "finished")
        assert {name: count for name, count in run.counts.items() if count} == {"new": 1, "changed": 1, "left": 1}
        assert staff("2").manager == staff("1")
        assert not any(private.iterdir())

    def test_guesses_what_the_columns_mean(self, wizard):
        wizard.upload(PEOPLE)
        assert wizard.last.mapping == {
            "match": "Staff no",
            "columns": {
                "First name": "user.first_name",
                "Last name": "last_name",
                "E-mail": "user.email",
                "Department": "department",
                "Hired": "hired",
            },
            "manager": {"column": "Manager"},
            "leave_date": {"column": "Left on"},
        }

    def test_logs_the_look_at_names(self, wizard, importer):
        bob = person("bob", staff_number="2", department="Legal")
        wizard.upload(PEOPLE)
        wizard.columns()
        assert not LookAt.objects.exists()
        wizard.page("preview")
        look = LookAt.objects.get()
        assert (look.actor, list(look.persons.all())) == (importer, [bob])
        assert look.subject == "Preview of the import of people.csv"

    def test_writes_nothing_before_it_is_confirmed(self, wizard):
        wizard.upload(PEOPLE)
        wizard.columns(create_users="on", login_name="{E-mail}")
        wizard.page("preview")
        assert not Staff.objects.exists()

    def test_imports_only_what_was_seen(self, wizard):
        bob = person("bob", staff_number="2", department="Legal")
        wizard.upload(PEOPLE)
        wizard.columns()
        seen = wizard.page("preview").context["seen"]
        wizard.columns(**{wizard.place("Department"): "job_title"})
        answer = wizard.confirm(seen=seen)
        assert "The preview is a different one by now" in texts(wizard.client.get(answer.url))
        assert "The preview is a different one by now" in texts(wizard.client.get(wizard.confirm(seen="").url))
        assert not ImportRun.objects.exists()
        wizard.confirm()
        bob.staff.refresh_from_db()
        assert (bob.staff.department, bob.staff.job_title) == ("Legal", "Sales")

    def test_saves_a_mapping_and_begins_with_it_the_next_time(self, wizard, importer):
        wizard.upload(PEOPLE)
        wizard.columns("save", save_as="HR system", **{wizard.place("Hired"): ""})
        saved = ImportMapping.objects.get()
        assert (saved.name, saved.changed_by) == ("HR system", importer)
        assert "Hired" not in saved.mapping["columns"]
        wizard.upload(PEOPLE, saved=saved.pk)
        assert wizard.last.mapping == saved.mapping
