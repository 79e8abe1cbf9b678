"""A large HR file with bad lines: bounded in memory, exact about what it refuses, and killed on the way.

Its ten minutes are of processor time, that of the server included, because other things run on a machine. Neither waits
for much else than the other, so on one that is idle that is the time by the clock.
"""

import csv

import pytest

MEBIBYTE = 1024 * 1024
MAPPING = """
match = "no"
create_users = true
login_name = "p{no}"

[columns]
first = "user.first_name"
dept = "department"
hired = "hired"

[manager]
column = "boss"
"""


def is_bad(number):
    """Three lines in a hundred."""
    return number % 100 in (11, 47, 83)


def hr_file(path, people):
    """Every bad line is bad in one way that can be told: a date that is none."""
    with path.open("w", newline="") as file:
        file.write("no,first,dept,hired,boss\n")
        for n in range(1, people + 1):
            hired = f"someday {n}" if is_bad(n) else f"20{n % 20:02}-{n % 12 + 1:02}-{n % 28 + 1:02}"
            boss = "" if n <= 10 or is_bad(n // 10) else n // 10
            file.write(f"{n},First {n % 5000},Department {n % 40},{hired},{boss}\n")
    return path


def lines_refused(path):
    """Line number and column of each entry of an error file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    return [(int(row[0]), row[1]) for row in rows[1:]]


@pytest.mark.parametrize("people", [8_000, pytest.param(1_000_000, marks=pytest.mark.long)])
class TestLargeImport:
    @pytest.fixture
    def files(self, tmp_path, people):
        mapping = tmp_path / "mapping.toml"
        mapping.write_text(MAPPING)
        return hr_file(tmp_path / "people.csv", people), mapping

    def test_stays_within_memory_and_names_every_bad_line(self, processes, files, people, figures):
        result = processes.run("import_people", *files)
        expected = [(n + 1, "hired") for n in range(1, people + 1) if is_bad(n)]
        assert lines_refused(files[0].with_name("people.csv.errors.csv")) == expected
        found = processes.run("imported")
        assert found["people"] == people - len(expected)
        assert found["counts"]["new"] == people - len(expected)
        assert len(found["departments"]) == 40
        assert result["peak"] <= 300 * MEBIBYTE
        times = f"{result['seconds']:.0f} s by the clock, {result['processor']:.0f} s of processor time"
        figures.append(f"{people:,} lines: {times}, {result['peak'] / MEBIBYTE:.0f} MiB at most")
        assert result["processor"] <= 600

    def test_killed_and_resumed_ends_the_same(self, processes, files, people):
        kills = 0
        for _ in range(2 if people < 100_000 else 10):
            last = 60 if people >= 100_000 else 4
            kills += processes.kill("import_people", *files, within=(1.5, last))
        processes.run("import_people", *files)
        expected = [(n + 1, "hired") for n in range(1, people + 1) if is_bad(n)]
        assert lines_refused(files[0].with_name("people.csv.errors.csv")) == expected
        found = processes.run("imported")
        assert found["people"] == people - len(expected)
        assert found["state"] == "finished"
        assert kills, "no process was killed while it was at work"
