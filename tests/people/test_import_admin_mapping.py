"""The second step of the import in the admin: what the columns mean, and what is said when they cannot mean it."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from tests.people.hr_files import BASIC, hr_file, staff
from tests.people.importers import address, texts, uploads
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.people.importing.admin.guessing import guess
from wagtail_personalize.people.importing.admin.texts import parse_table, show_table
from wagtail_personalize.people.importing.mapping.definition import Mapping
from wagtail_personalize.people.importing.mapping.writing import as_dict
from wagtail_personalize.people.importing.uploads import ImportMapping

pytestmark = pytest.mark.django_db

FILE = "Staff no;Team;Motto;Skills;Born\n1;Sales;Go;a|b;01.02.2020\n"

#: Everything that a mapping file can say.
WHOLE = {
    "match": "no",
    "create_users": True,
    "login_name": "{first:initial,lower}.{last:slug}",
    "columns": {
        "first": "user.first_name",
        "last": ["user.last_name", {"to": "motto", "only_new": True}],
        "pay": {"to": "level", "values": {"A": 1, "": 0}, "empty": "keep"},
        "here": {"to": "remote", "values": {"Y": True}},
        "skill": {"to": "skills", "only_new": True, "separator": "|", "create": True},
    },
    "links": {"office": {"find": {"city": "town"}, "create": True, "new": {"code": "{town:slug}"}}},
    "manager": {"column": "boss", "by": "last", "unknown": "empty"},
    "leave_date": {"column": "left", "last_day": True, "date_format": "%d.%m.%Y"},
    "constants": {"department": "Sales"},
}
WHOLE_FILE = (
    "no;first;last;pay;here;skill;town;boss;left\n1;Zoë;O'Hara;A;Y;x|y;Bern;;\n2;Ann;Alt;;;;;O'HARA;01.01.2020\n"
)


def mapping_file(content, name="mapping.json"):
    content = content if isinstance(content, bytes) else json.dumps(content).encode()
    return SimpleUploadedFile(name, content, "application/json")


class TestMappings:
    @pytest.mark.parametrize("said", [WHOLE, BASIC], ids=["whole", "basic"])
    def test_are_the_same_written_and_read_again(self, said):
        mapping = Mapping.from_dict(said)
        assert Mapping.from_dict(json.loads(json.dumps(as_dict(mapping)))) == mapping

    def test_stay_as_they_are_in_a_form_that_nobody_changes(self, wizard):
        wizard.upload(WHOLE_FILE, mapping_file=mapping_file(WHOLE))
        before = wizard.last.mapping
        assert before == WHOLE
        wizard.columns("check")
        assert wizard.last.mapping == before

    def test_can_be_downloaded_and_given_to_the_command(self, wizard, tmp_path):
        wizard.upload(WHOLE_FILE, mapping_file=mapping_file(WHOLE))
        wizard.columns()
        assert wizard.last.state == "compared"
        answer = wizard.client.get(address("upload_mapping", wizard.last.pk))
        assert answer["Content-Disposition"] == 'attachment; filename="people.json"'
        file = tmp_path / "people.json"
        file.write_bytes(answer.content)
        call_command("import_people", str(hr_file(tmp_path, WHOLE_FILE)), mapping=str(file))
        assert staff("1").user.username == "z.ohara"
        assert (staff("1").remote, staff("1").office.city, staff("2").user.is_active) == (True, "Bern", False)

    def test_lose_what_the_file_lacks_and_say_so(self, wizard):
        said = {**WHOLE, "columns": {**WHOLE["columns"], "gone": "job_title", "may": {"to": "hired", "optional": True}}}
        answer = wizard.upload(WHOLE_FILE.replace("boss", "chef"), mapping_file=mapping_file(said))
        page = texts(wizard.client.get(answer.url))
        assert "The file lacks columns that the mapping names; they were left out of it: gone, boss." in page
        assert set(wizard.last.mapping["columns"]) == {*WHOLE["columns"], "may"}

    @pytest.mark.parametrize(
        ("content", "name", "reason"),
        [
            (b"{", "a.json", "is not valid JSON"),
            (b"match", "a.toml", "is not valid TOML"),
            (b"[1]", "a.json", "must be a table"),
            ({"match": "no", "colums": {}}, "a.json", "does not know “colums”"),
            (b"\xff\xfe", "a.toml", "is not valid TOML"),
            (b"[" * 100_000, "a.json", "is not valid JSON"),
            (b" " * (1024 * 1024 + 1), "a.json", "too large"),
        ],
    )
    def test_are_refused_when_they_are_none(self, wizard, content, name, reason):
        page = wizard.upload(FILE, mapping_file=mapping_file(content, name))
        assert reason in texts(page)
        assert not uploads().exists()
        page = wizard.post("mappings", data={"save_as": "x", "mapping_file": mapping_file(content, name)})
        assert reason in texts(page)
        assert not ImportMapping.objects.exists()

    def test_are_listed_brought_in_replaced_and_deleted(self, wizard, importer):
        assert "There is none yet" in texts(wizard.client.get(address("mappings")))
        for match in ("a", "no"):
            wizard.post("mappings", data={"save_as": "HR", "mapping_file": mapping_file({**WHOLE, "match": match})})
        saved = ImportMapping.objects.get()
        assert (saved.mapping["match"], saved.changed_by) == ("no", importer)
        page = texts(wizard.client.get(address("mappings")))
        assert "HR" in page
        assert "Hanna HR" in page
        assert wizard.client.get(address("mapping_file", saved.pk)).json() == WHOLE
        wizard.post("delete_mapping", saved.pk)
        assert not ImportMapping.objects.exists()

    def test_need_a_name_to_be_saved(self, wizard):
        wizard.upload(FILE)
        assert "Give the mapping a name." in texts(wizard.columns("save", save_as=" "))
        assert not ImportMapping.objects.exists()

    def test_are_listed_with_a_constant_number_of_queries(self, wizard, importer, django_assert_max_num_queries):
        ImportMapping.objects.create(name="0", mapping={}, changed_by=importer)
        wizard.client.get(address("mappings"))
        with django_assert_max_num_queries(10) as captured:
            wizard.client.get(address("mappings"))
            few = len(captured)
        ImportMapping.objects.bulk_create(
            ImportMapping(name=f"m{n}", mapping={}, changed_by=importer) for n in range(9)
        )
        with django_assert_max_num_queries(few):
            wizard.client.get(address("mappings"))


class TestMistakes:
    def said(self, wizard, **places):
        """The sentences beside the columns, and those about the whole, when these columns are chosen so."""
        page = wizard.columns("check", **places)
        form = page.context["form"]
        beside = {each.column: list(each.errors.get("to", [])) for each in form.columns if each.errors}
        return beside, list(form.general.non_field_errors()), form.general.errors.get("login_name", [])

    def test_are_said_beside_the_column(self, wizard):
        wizard.upload(FILE)
        team, motto, skills = (wizard.place(name) for name in ("Team", "Motto", "Skills"))
        beside, general, _login = self.said(wizard, **{team: "department", motto: "motto", skills: "department"})
        assert "People fill in “motto” themselves" in beside["Motto"][0]
        assert beside["Skills"] == ["The mapping fills “department” twice."]
        assert general == []

    def test_without_a_staff_number_are_said(self, wizard):
        wizard.upload("a;b\n1;2\n")
        assert "Choose the column that holds the staff number" in self.said(wizard)[1][0]
        wizard.columns()
        assert wizard.last.state == "columns"

    def test_with_two_staff_numbers_are_said(self, wizard):
        wizard.upload(FILE)
        beside, _general, _login = self.said(wizard, **{wizard.place("Team"): "@match"})
        assert beside == {"Team": ["The column “Staff no” is this already."]}

    def test_about_login_names_stand_beside_them(self, wizard):
        wizard.upload(FILE)
        assert "login_name" in self.said(wizard, create_users="on")[2][0]
        assert "unknown filter" in self.said(wizard, create_users="on", login_name="{Team:shout}")[2][0]

    def test_about_dates_stand_beside_their_column(self, wizard):
        wizard.upload("Staff no;Hired\n1;01/02/2020\n")
        beside, _general, _login = self.said(wizard)
        assert "day and month cannot be told apart" in beside["Hired"][0]
        place = wizard.place("Hired").replace("-to", "-date_format")
        assert self.said(wizard, **{place: "%d/%m/%Y"})[0] == {}

    @pytest.mark.parametrize(
        ("field", "value"), [("date_format", "soon"), ("values", "no sign"), ("to", "user.password"), ("to", "x")]
    )
    def test_in_forged_or_clumsy_forms_are_refused(self, wizard, field, value):
        wizard.upload(FILE)
        before = wizard.last.mapping
        page = wizard.columns(**{wizard.place("Team").replace("to", field): value})
        assert page.status_code == 200
        assert wizard.last.mapping == before

    def test_of_a_form_for_other_columns_are_not_made(self, wizard):
        wizard.upload(FILE)
        answer = wizard.columns(header="0123")
        assert answer.status_code == 302
        assert "read differently by now" in texts(wizard.client.get(answer.url))

    def test_throw_an_old_comparison_away(self, wizard):
        wizard.upload(FILE)
        wizard.columns()
        assert wizard.last.state == "compared"
        wizard.columns("check", **{wizard.place("Team"): "department"})
        assert (wizard.last.state, wizard.last.preview) == ("columns", {})
        assert wizard.confirm().url == address("columns", wizard.last.pk)


class TestGuesses:
    @pytest.mark.parametrize(
        ("columns", "expected"),
        [
            (["Personal-Nr.", "Vorname", "Führungskraft"], ("Personal-Nr.", {"Vorname": "user.first_name"}, True)),
            (["EMP_ID", "hire date", "HIRED"], ("EMP_ID", {"hire date": "hired"}, False)),
            (["staff_number", "Motto", "x"], ("staff_number", {}, False)),
            (["💥", "", "\u202e"], ("", {}, False)),
        ],
    )
    def test_follow_the_names_of_the_columns(self, columns, expected):
        said = guess(columns, get_declaration())
        assert (said["match"], said["columns"], "manager" in said) == expected


class TestTables:
    @pytest.mark.parametrize("table", [{"U": "permanent"}, {"": "unknown"}, {"a=b": "c"}, {"a": "b = c"}, {"x": ""}])
    def test_are_the_same_shown_and_read_again(self, table):
        assert parse_table(show_table(table)) == table
