"""Real HR files through the command, held against a count made from the files in plain Python."""

import csv
import io
import json
from collections import Counter
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.intranet.models import Office, Staff, Unit
from tests.people.hr_files import bring_in, counts, errors_of, hr_file, mapping
from tests.people.test_import_people import writes
from wagtail_personalize.hookspecs import profiles_changed
from wagtail_personalize.people.importing.models import ImportRun
from wagtail_personalize.people.importing.sources.contract import ImportRefused
from wagtail_personalize.people.importing.sources.csv_source import CsvSource
from wagtail_personalize.people.models import ReportingLine

DATA = Path(__file__).parents[3] / "shared" / "data"
MAPPINGS = Path(__file__).parent / "mappings"

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.django_db,
    pytest.mark.skipif(not DATA.exists(), reason="the data folder is not there"),
]


def rows(name, **options):
    """The people of a file, read without any code of ours."""
    with (DATA / name / "people.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, **options))


def bring(name, tmp_path, path=None, **options):
    """Import a real file with its mapping; returns what the command says."""
    output = io.StringIO()
    call_command(
        "import_people",
        str(path or DATA / name / "people.csv"),
        mapping=str(MAPPINGS / f"{name}.toml"),
        errors=str(tmp_path / "errors.csv"),
        stdout=output,
        **options,
    )
    return output.getvalue()


def said(output, label):
    """A count that the command has printed."""
    line = next(line for line in output.splitlines() if line.startswith(f"{label}: "))
    return int(line.rpartition(" ")[2].replace(",", ""))


class TestTenThousandEmployees:
    NAME = "hr-employees-10k"

    @pytest.fixture
    def employees(self):
        return rows(self.NAME)

    def test_are_imported_as_8064_active_and_1936_who_left(self, tmp_path, employees):
        output = bring(self.NAME, tmp_path)
        assert (said(output, "New"), said(output, "Left"), said(output, "Rejected")) == (8064, 1936, 0)
        active = Staff.objects.filter(user__is_active=True)
        assert (active.count(), Staff.objects.count()) == (8064, 10_000)
        still_here = [row for row in employees if not row["left_on"]]
        for column, field in (("department", "department"), ("title", "job_title")):
            assert Counter(active.values_list(field, flat=True)) == Counter(row[column] for row in still_here)
        self.has_every_value(employees)
        self.has_every_reporting_line(employees)

    def has_every_value(self, employees):
        fields = ("staff_number", "user__first_name", "user__last_name", "department", "job_title")
        stored = set(Staff.objects.values_list(*fields, "manager__staff_number", "hired", "birthday"))
        assert stored == {
            (
                *(row[c] for c in ("emp_no", "first_name", "last_name", "department", "title", "manager_emp_no")),
                date.fromisoformat(row["hire_date"]),
                date.fromisoformat(row["birth_date"]).replace(year=2000),
            )
            for row in employees
        }

    def has_every_reporting_line(self, employees):
        bosses = {row["emp_no"]: row["manager_emp_no"] for row in employees}
        above = set()
        for person in bosses:
            boss, depth, seen = bosses[person], 1, {person}
            while boss not in seen:
                above.add((person, boss, depth))
                seen.add(boss)
                boss, depth = bosses[boss], depth + 1
        line = ReportingLine.objects.values_list("person__staff__staff_number", "manager__staff__staff_number", "depth")
        assert set(line) == above

    def test_imported_again_change_nothing_and_200_who_move_change_alone(self, tmp_path, employees):
        bring(self.NAME, tmp_path)
        with CaptureQueriesContext(connection) as captured:
            output = bring(self.NAME, tmp_path)
        assert said(output, "Unchanged") == 10_000
        assert writes(captured) == []

        movers = [row for row in employees if not row["left_on"] and row["department"] != "Sales"][::30][:200]
        before = dict(Staff.objects.values_list("staff_number", "department"))
        output, told = self.move(movers, tmp_path)
        assert (said(output, "Lines"), said(output, "Changed"), told) == (200, 200, [(200, {"department"})])
        after = dict(Staff.objects.values_list("staff_number", "department"))
        assert {number for number in before if before[number] != after[number]} == {row["emp_no"] for row in movers}

    def move(self, movers, tmp_path):
        """Import a second file in which these people are in Sales; also returns what the house was told."""
        told = []

        def listen(person_ids, attributes, **kwargs):
            told.append((len(person_ids), attributes))

        path = tmp_path / "moved.csv"
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, movers[0])
            writer.writeheader()
            writer.writerows({**row, "department": "Sales"} for row in movers)
        profiles_changed.connect(listen)
        try:
            return bring(self.NAME, tmp_path, path), told
        finally:
            profiles_changed.disconnect(listen)


class TestHundredAndSevenEmployees:
    NAME = "hr-oracle"
    SHORT = {
        "United States of America": "United States",
        "United Kingdom of Great Britain and Northern Ireland": "United Kingdom",
    }

    @pytest.fixture
    def employees(self):
        return rows(self.NAME, delimiter=";")

    def test_come_with_semicolons_a_mark_and_german_dates(self, tmp_path, employees):
        output = bring(self.NAME, tmp_path)
        assert output.splitlines()[:3] == [
            "Encoding: utf-8-sig (detected)",
            "Delimiter: semicolon (detected)",
            "Dates in “Hired”: dd.mm.yyyy (detected)",
        ]
        assert (said(output, "New"), said(output, "Rejected"), len(employees)) == (107, 0, 107)

    def test_have_every_value_of_the_file(self, tmp_path, employees):
        bring(self.NAME, tmp_path)
        fields = ("staff_number", "user__username", "user__last_name", "job_title", "department")
        stored = set(
            Staff.objects.values_list(*fields, "office__city", "office__country", "manager__staff_number", "hired")
        )
        assert stored == {
            (
                *(row[c] for c in ("Staff no", "E-mail", "Last name", "Job title", "Department")),
                *(row[c] or None for c in ("City", "Country", "Manager")),
                datetime.strptime(row["Hired"], "%d.%m.%Y").date(),
            )
            for row in employees
        }

    def test_make_offices_and_a_tree_of_places(self, tmp_path, employees):
        bring(self.NAME, tmp_path)
        places = {(row["City"], row["Country"]) for row in employees if row["City"]}
        assert set(Office.objects.values_list("city", "country")) == places
        paths = {
            tuple(path[:length])
            for row in employees
            if row["City"]
            for path in [(row["Region"], self.SHORT.get(row["Country"], row["Country"]), row["City"])]
            for length in (1, 2, 3)
        }
        tree = Unit.objects.values_list("parent__parent__name", "parent__name", "name")
        assert {tuple(filter(None, path)) for path in tree} == paths
        assert Unit.objects.count() == len(paths)

    def test_imported_again_change_nothing(self, tmp_path):
        bring(self.NAME, tmp_path)
        with CaptureQueriesContext(connection) as captured:
            output = bring(self.NAME, tmp_path)
        assert said(output, "Unchanged") == 107
        assert writes(captured) == []
        assert list(ImportRun.objects.values_list("state", flat=True)) == ["finished"] * 2


CASES = sorted((DATA / "csv-spectrum" / "csvs").glob("*.csv"))


class TestCsvSpectrum:
    @pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
    def test_is_read_as_expected(self, case):
        expected = json.loads((DATA / "csv-spectrum" / "json" / f"{case.stem}.json").read_text())
        people = expected if isinstance(expected, list) else [expected]
        read = [line.cells for line in CsvSource(case).lines()]
        for row in [*people, *read]:
            row.pop("Contact Phone Number", None)  # the authors disagree with themselves
        assert read == [{name: value.replace("\r\n", "\n") for name, value in row.items()} for row in people]

    @pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
    def test_is_imported(self, case, tmp_path):
        path = hr_file(tmp_path, case.read_bytes())
        number, text, *_others = CsvSource(path).columns
        rules = mapping(match=number, login_name=f"{{{number}:slug}}x", columns={text: "department"})
        result = bring_in(path, rules)
        assert counts(result) == {"new": result.lines}
        assert bring_in(path, rules).counts.unchanged == result.lines


class TestNaughtyStrings:
    @pytest.fixture
    def strings(self):
        return json.loads((DATA / "blns" / "blns.json").read_text())

    @staticmethod
    def file_of(tmp_path, people):
        path = tmp_path / "people.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([("no", "dept"), *people])
        return path

    def test_are_stored_as_they_are_or_rejected_with_a_reason(self, tmp_path, strings):
        path = self.file_of(tmp_path, enumerate(strings, start=1))
        result = bring_in(path)
        stored = dict(Staff.objects.values_list("staff_number", "department"))
        rejected = len(strings) - len(stored)
        assert counts(result) == {"new": len(stored), "rejected": rejected}
        assert stored == {n: text for n, text in ((str(n), s.strip()) for n, s in enumerate(strings, 1)) if n in stored}
        assert errors_of(path).read_text().count("at most 100 characters") == rejected
        assert counts(bring_in(path)) == {"unchanged": len(stored), "rejected": rejected}

    def test_as_staff_numbers_account_for_every_line(self, tmp_path, strings):
        result = bring_in(self.file_of(tmp_path, ((text, "IT") for text in strings)))
        assert sum(vars(result.counts).values()) == result.lines

    def test_as_names_of_columns_are_read_or_refused(self, tmp_path, strings):
        for text in strings:
            path = hr_file(tmp_path, f"no,{text}\n1,2\n", "columns.csv")
            with suppress(ImportRefused):
                bring_in(path, dry_run=True)
