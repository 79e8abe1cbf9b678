"""The error file: every rejected line, with its number, column and reason, and nothing that a spreadsheet runs."""

import csv

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from tests.builders import person
from tests.intranet.models import Staff
from tests.people.hr_files import bring_in, counts, errors_of, hr_file, mapping, staff
from wagtail_personalize.people.importing.sources.contract import ImportRefused

pytestmark = pytest.mark.django_db


def rejected(path):
    """The rows of the error file as dictionaries."""
    with errors_of(path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


class TestErrorFile:
    def test_has_line_column_and_reason_in_the_order_of_the_file(self, tmp_path):
        path = hr_file(tmp_path, "no,boss,mail,hired\n1,404,,\n2,,nobody,someday\n,,,x\n2,,,\n5,,,,\n6,,,\n")
        result = bring_in(path)
        assert counts(result) == {"rejected": 5, "new": 1}
        assert [(row["line"], row["column"]) for row in rejected(path)] == [
            ("2", "boss"),
            ("3", "mail"),
            ("3", "hired"),
            ("4", "no"),
            ("5", "no"),
            ("6", ""),
        ]

    def test_and_the_counts_account_for_every_line(self, tmp_path):
        path = hr_file(tmp_path, "no,dept\n" + "".join(f"{n % 50},{n % 7}\n" for n in range(200)) + '9,"x\n')
        result = bring_in(path)
        assert sum(vars(result.counts).values()) == result.lines == 201
        assert len(rejected(path)) == result.counts.rejected

    def test_does_not_exist_without_rejected_lines(self, tmp_path):
        path = hr_file(tmp_path, "no,hired\n1,someday\n")
        bring_in(path)
        assert errors_of(path).exists()
        bring_in(hr_file(tmp_path, "no,hired\n1,2020-01-31\n"))
        assert not errors_of(path).exists()

    @pytest.mark.parametrize("cell", ["=1+1", "+one", "-one", "@SUM(A1)", "\t=1", "\r=1"])
    def test_holds_no_formula(self, tmp_path, cell):
        path = hr_file(tmp_path, f'no,{cell.strip()}\n1,"{cell}"\n')
        bring_in(path, mapping(columns={cell.strip(): "level"}))
        (row,) = rejected(path)
        assert not any(value.lstrip().startswith(("=", "+", "-", "@")) for value in row.values())

    def test_opens_as_utf8_in_a_spreadsheet(self, tmp_path):
        path = hr_file(tmp_path, "no,hired\n1,März\n")
        bring_in(path)
        assert errors_of(path).read_bytes().startswith(b"\xef\xbb\xbfline,column,reason")
        assert "“März” is not a date" in rejected(path)[0]["reason"]

    def test_never_overwrites_another_file(self, tmp_path):
        path = hr_file(tmp_path, "no\n1\n")
        with pytest.raises(ImportRefused, match="is no list of rejected lines"):
            bring_in(path, error_path=path)
        assert path.read_text() == "no\n1\n"

    def test_is_not_needed(self, tmp_path):
        assert counts(bring_in(hr_file(tmp_path, "no,hired\n1,someday\n"), error_path=None)) == {"rejected": 1}


class TestDatabaseThatRefuses:
    """What only the database knows costs one line, not a batch."""

    @pytest.fixture
    def one_boss(self):
        name = "intranet_one_boss"
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE UNIQUE INDEX {name} ON intranet_staff (job_title, level)")
        yield
        on_table = " ON intranet_staff" if connection.vendor == "mysql" else ""
        with connection.cursor() as cursor:
            cursor.execute(f"DROP INDEX {name}{on_table}")

    @pytest.mark.django_db(transaction=True)
    def test_rejects_that_line_only(self, tmp_path, one_boss):
        person(staff_number="1", job_title="Boss", level=1)
        text = "no,title,level\n" + "".join(f"{n},Clerk,{n}\n" for n in range(2, 30)) + "30,Boss,1\n31,Clerk,31\n"
        path = hr_file(tmp_path, text)
        rules = mapping(columns={"title": "job_title", "level": "level"})
        assert counts(bring_in(path, rules)) == {"new": 29, "rejected": 1}
        (row,) = rejected(path)
        assert (row["line"], row["reason"][:31]) == ("30", "The database refused this line:")
        assert not Staff.objects.filter(staff_number="30").exists()
        assert not get_user_model().objects.filter(username="p30").exists()


class TestDatabaseThatTellsNoKeys:
    """MySQL does not return the keys of inserted rows."""

    def test_is_asked_for_them(self, tmp_path, monkeypatch):
        feature = "can_return_rows_from_bulk_insert"
        monkeypatch.delitem(vars(connection.features), feature, raising=False)
        monkeypatch.setattr(type(connection.features), feature, False)
        bring_in(hr_file(tmp_path, "no,first,boss,left\n1,Anna,2,\n2,Bert,,\n3,Carl,1,2020-01-31\n"))
        assert staff("1").manager == staff("2")
        assert (staff("3").user.first_name, staff("3").user.is_active) == ("Carl", False)
