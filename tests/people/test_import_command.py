"""``import_people`` on the command line: what it says, and with which code it ends."""

import io

import pytest
from django.core.management import CommandError, call_command

from tests.intranet.models import Staff
from tests.people.hr_files import errors_of, hr_file, staff
from tests.people.test_import_leavers import everybody, leavers
from wagtail_personalize.people.management.commands.import_people import Command

pytestmark = pytest.mark.django_db

MAPPING = """
match = "no"
create_users = true
login_name = "p{no}"
[columns]
name = { to = "last_name", optional = true }
hired = { to = "hired", optional = true }
[leave_date]
column = "left"
optional = true
"""


@pytest.fixture
def rules(tmp_path):
    return hr_file(tmp_path, MAPPING, "mapping.toml")


@pytest.fixture
def say(tmp_path, rules):
    """Import a text and return what the command says."""

    def command(text, *options, **more):
        output = io.StringIO()
        path = hr_file(tmp_path, text)
        call_command("import_people", str(path), *options, mapping=str(rules), stdout=output, **more)
        return output.getvalue()

    return command


@pytest.fixture
def exit_code(tmp_path, rules):
    """The code with which the command ends in a shell."""

    def command(text, *options):
        in_a_shell = Command()
        in_a_shell._called_from_command_line = True
        path = hr_file(tmp_path, text)
        try:
            call_command(in_a_shell, str(path), *options, mapping=str(rules), stdout=io.StringIO())
        except CommandError as error:
            return error.returncode
        except SystemExit as end:
            return end.code
        return 0

    return command


class TestOutput:
    def test_states_what_was_detected_and_counts_every_line(self, say):
        output = say("no;hired;left\n1;31.01.2020;\n2;31.01.2020;31.01.2021\n3;;someday\n3;;\n")
        assert output.splitlines()[:9] == [
            "Encoding: utf-8 (detected)",
            "Delimiter: semicolon (detected)",
            "Dates in “hired”: dd.mm.yyyy (detected)",
            "Dates in “left”: dd.mm.yyyy (detected)",
            "Lines: 4",
            "New: 2",
            "Changed: 0",
            "Left: 1",
            "Unchanged: 0",
        ]

    def test_names_the_error_file(self, say, tmp_path):
        assert f"Rejected lines: {errors_of(tmp_path / 'people.csv')}" in say("no,hired\n1,someday\n")

    def test_says_that_a_dry_run_wrote_nothing(self, say):
        assert "This was a dry run: nothing was written to the database." in say("no\n1\n", dry_run=True)
        assert not Staff.objects.exists()

    def test_says_in_a_dry_run_that_a_run_would_stop(self, say):
        everybody(100)
        assert "A real run would stop: 30 of 100 active people" in say(leavers(30), dry_run=True)

    def test_tells_who_is_absent(self, say):
        everybody(3)
        assert "Of those who left, 2 are not in the file." in say("no\n1\n", mode="full")


class TestOption:
    def test_encoding_delimiter_and_date_format_overrule_detection(self, say):
        say("no:name:hired\n1:Łódź:03/04/2020\n", encoding="utf-8", delimiter=":", date_format="%m/%d/%Y")
        assert (staff("1").user.last_name, str(staff("1").hired)) == ("Łódź", "2020-03-04")

    def test_delimiter_may_be_the_word_tab(self, say):
        assert "Delimiter: tab (as you said)" in say("no\tname\n1\tx\n", delimiter="tab")

    def test_errors_chooses_the_error_file(self, say, tmp_path):
        say("no,hired\n1,someday\n", errors=str(tmp_path / "bad.csv"))
        assert (tmp_path / "bad.csv").exists()

    def test_progress_shows_a_bar_where_there_is_no_terminal(self, say, capsys):
        say("no\n1\n2\n", "--progress")
        assert "2/2" in capsys.readouterr().err

    def test_without_progress_shows_none(self, say, capsys):
        say("no\n1\n2\n")
        assert capsys.readouterr().err == ""


class TestExitCode:
    def test_is_0_when_every_line_was_imported(self, exit_code):
        assert exit_code("no\n1\n") == 0

    def test_is_3_when_lines_were_rejected(self, exit_code):
        assert exit_code("no,hired\n1,someday\n2,2020-01-31\n") == 3
        assert Staff.objects.count() == 1

    def test_is_4_when_too_many_would_leave(self, exit_code):
        everybody(100)
        assert exit_code(leavers(30)) == 4

    def test_is_1_when_the_file_is_refused(self, exit_code):
        assert exit_code("name\nAnna\n") == 1

    def test_is_2_when_the_command_line_is_wrong(self, exit_code):
        assert exit_code("no\n1\n", "--mode", "half") == 2

    def test_in_code_is_an_exception_with_the_sentence(self, say):
        with pytest.raises(CommandError, match=r"The file lacks columns that the mapping names: no"):
            say("name\nAnna\n")


class TestFormat:
    def test_is_known_by_the_name_of_the_file(self, tmp_path, rules):
        path = hr_file(tmp_path, '[{"no": 7, "name": "Byrne"}]', "people.json")
        said = io.StringIO()
        call_command("import_people", str(path), mapping=str(rules), stdout=said)
        assert "Format: JSON (a list)\n" in said.getvalue()
        assert staff("7").user.last_name == "Byrne"

    def test_can_be_said(self, tmp_path, rules):
        path = hr_file(tmp_path, "dn: x\nno: 7\nname: Byrne\n", "people.csv")
        call_command("import_people", str(path), mapping=str(rules), format="ldif", stdout=io.StringIO())
        assert staff("7").user.last_name == "Byrne"
