"""A killed import: everybody old or new, never half; and the same end, resumed or run again."""

import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from tests.intranet.models import Staff
from tests.people.hr_files import BASIC, bring_in, counts, errors_of, hr_file, mapping
from wagtail_personalize.people.importing.models import ImportRun
from wagtail_personalize.people.importing.sources.contract import ImportRefused

pytestmark = pytest.mark.once


class Interrupted(Exception):
    """What a test throws into an import."""


def after(lines):
    """A progress callback that interrupts once so many lines are done."""

    def progress(done, total):
        if done >= lines:
            raise Interrupted

    return progress


def company(version, people=2500):
    """A file in which every value of a person tells the version; every 50th line is bad, managers stand last."""
    rows = ["no,first,dept,title,boss,hired"]
    for n in range(1, people + 1):
        hired = "someday" if n % 50 == 1 else "2020-01-31"
        boss = people - n % 7 if version == 1 else people - 7 - n % 5
        rows.append(f"{n},F{version},D{version},T{version},{boss},{hired}")
    return "\n".join(rows)


@pytest.mark.django_db
class TestInterruptedImport:
    def test_is_on_record_and_keeps_what_is_committed(self, tmp_path):
        path = hr_file(tmp_path, company(1))
        with pytest.raises(Interrupted):
            bring_in(path, progress=after(1000))
        run = ImportRun.objects.get()
        assert run.state == "interrupted"
        assert 1000 <= run.checkpoint < 1100
        assert Staff.objects.count() == run.counts["new"]

    def test_goes_on_where_it_was(self, tmp_path):
        path = hr_file(tmp_path, company(1))
        expected = bring_in(hr_file(tmp_path, company(1), "whole.csv"), dry_run=True)
        for lines in (1000, 2000):
            with pytest.raises(Interrupted):
                bring_in(path, progress=after(lines), resume=True)
        result = bring_in(path, resume=True)
        assert result.counts == expected.counts
        assert "Going on after 20" in result.statements[-1]
        assert ImportRun.objects.get().state == "finished"
        assert errors_of(path).read_text() == errors_of(tmp_path / "whole.csv").read_text()

    def test_can_simply_be_run_again(self, tmp_path):
        path = hr_file(tmp_path, company(1))
        with pytest.raises(Interrupted):
            bring_in(path, progress=after(1000))
        first = ImportRun.objects.get().counts["new"]
        assert counts(bring_in(path)) == {"unchanged": first, "new": 2450 - first, "rejected": 50}

    def test_starts_anew_when_the_error_file_is_gone(self, tmp_path):
        path = hr_file(tmp_path, company(1))
        with pytest.raises(Interrupted):
            bring_in(path, progress=after(1000))
        errors_of(path).unlink()
        assert bring_in(path, resume=True).counts.unchanged > 0
        assert len(errors_of(path).read_text().splitlines()) == 51

    @pytest.mark.parametrize("other", ["file", "mapping", "mode"])
    def test_does_not_go_on_with_another(self, tmp_path, other):
        path = hr_file(tmp_path, company(1))
        with pytest.raises(Interrupted):
            bring_in(path, progress=after(1000))
        if other == "file":
            path = hr_file(tmp_path, company(1) + "\n")
        rules = mapping(constants={"level": 1}) if other == "mapping" else None
        result = bring_in(path, rules, resume=True, mode="full" if other == "mode" else "changes")
        assert ImportRun.objects.count() == 2
        assert "Going on" not in result.statements[-1]


@pytest.mark.django_db
class TestSecondImport:
    def run_of(self, process, minutes):
        seen = timezone.now() - timedelta(minutes=minutes)
        ImportRun.objects.create(file_name="other.csv", state="running", process=process, seen_at=seen)

    def test_is_refused_while_another_is_alive(self, tmp_path):
        self.run_of("elsewhere:1", minutes=9)
        with pytest.raises(ImportRefused, match=r"import of other\.csv is still running"):
            bring_in(hr_file(tmp_path, "no\n1\n"))
        assert not Staff.objects.exists()

    def test_may_start_when_the_other_has_been_silent_for_long(self, tmp_path):
        self.run_of("elsewhere:1", minutes=11)
        assert counts(bring_in(hr_file(tmp_path, "no\n1\n"))) == {"new": 1}

    def test_may_start_at_once_when_the_process_of_the_other_is_gone(self, tmp_path):
        gone = subprocess.Popen([sys.executable, "-c", ""])
        gone.wait()
        self.run_of(f"{socket.gethostname()}:{gone.pid}", minutes=0)
        assert counts(bring_in(hr_file(tmp_path, "no\n1\n"))) == {"new": 1}

    def test_may_start_when_another_process_has_the_number_of_the_silent_one(self, tmp_path):
        self.run_of(f"{socket.gethostname()}:{os.getppid()}", minutes=11)
        assert counts(bring_in(hr_file(tmp_path, "no\n1\n"))) == {"new": 1}

    def test_is_refused_while_another_process_of_this_machine_is_alive(self, tmp_path):
        self.run_of(f"{socket.gethostname()}:{os.getppid()}", minutes=9)
        with pytest.raises(ImportRefused):
            bring_in(hr_file(tmp_path, "no\n1\n"))

    def test_in_the_same_process_is_refused_too(self, tmp_path):
        path = hr_file(tmp_path, "no\n1\n")
        with pytest.raises(ImportRefused, match="still running"):
            bring_in(path, progress=lambda done, total: bring_in(path))
        assert counts(bring_in(path)) == {"new": 1}

    def test_may_be_a_dry_run(self, tmp_path):
        self.run_of("elsewhere:1", minutes=0)
        assert counts(bring_in(hr_file(tmp_path, "no\n1\n"), dry_run=True)) == {"new": 1}


class Killed:
    """The command in a real process on the test database (on SQLite: on a copy of it in a file)."""

    MAPPING = "\n".join(
        [f"{key} = {value!r}" for key, value in BASIC.items() if isinstance(value, str)]
        + ["create_users = true", "[columns]"]
        + [f'{column} = {{ to = "{rule["to"]}", optional = true }}' for column, rule in BASIC["columns"].items()]
        + ['[manager]\ncolumn = "boss"\n[leave_date]\ncolumn = "left"\noptional = true']
    )

    def __init__(self, folder):
        self.folder = folder
        self.mapping = folder / "mapping.toml"
        self.mapping.write_text(self.MAPPING)
        self.environment = os.environ | {"DATABASE_NAME": str(connection.settings_dict["NAME"])}
        self.copy = None
        if connection.vendor == "sqlite":
            self.copy = folder / "site.sqlite3"
            self.environment["DATABASE_NAME"] = str(folder / "site")
            with closing(sqlite3.connect(self.copy)) as copy:
                connection.connection.backup(copy)

    def rows(self, query):
        if self.copy is None:
            with connection.cursor() as cursor:
                cursor.execute(query)
                return cursor.fetchall()
        with closing(sqlite3.connect(self.copy, timeout=30)) as copy:
            return copy.execute(query).fetchall()

    def start(self, path, *options):
        command = [sys.executable, "manage.py", "import_people", str(path), "--mapping", str(self.mapping), *options]
        return subprocess.Popen(
            command, env=self.environment, cwd=settings.BASE_DIR.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def run(self, path, *options):
        process = self.start(path, *options)
        output, errors = process.communicate(timeout=300)
        assert process.returncode in (0, 3), errors.decode()
        return output.decode()

    def kill(self, path, *options):
        """Start, and kill -9 at a random moment behind the next commit."""
        before = self.settled()
        process = self.start(path, *options)
        try:
            while process.poll() is None and self.settled() == before:
                time.sleep(0.02)
            time.sleep(random.uniform(0, 0.4))
        finally:
            process.send_signal(signal.SIGKILL)
            process.communicate()

    def settled(self):
        return self.rows("SELECT max(id), max(checkpoint) FROM personalize_people_importrun WHERE checkpoint > 0")

    def versions(self):
        """The versions that each person's values tell, by staff number: one per person if nobody is half."""
        people = self.rows(
            "SELECT s.staff_number, u.first_name, s.department, s.job_title, b.staff_number FROM intranet_staff s"
            " JOIN auth_user u ON u.id = s.user_id LEFT JOIN intranet_staff b ON b.id = s.manager_id"
        )
        return {
            int(number): {first[1:], department[1:], title[1:], "1" if int(boss) > 2493 else "2"}
            for number, first, department, title, boss in people
        }


@pytest.mark.django_db(transaction=True)
class TestKilledProcess:
    @pytest.mark.parametrize("options", [["--resume"], []])
    def test_leaves_everybody_old_or_new_and_comes_to_the_same_end(self, tmp_path, options):
        site = Killed(tmp_path)
        site.run(hr_file(tmp_path, company(1), "old.csv"))
        assert set(map(frozenset, site.versions().values())) == {frozenset("1")}
        path = hr_file(tmp_path, company(2), "new.csv")
        for _ in range(2):
            site.kill(path, *options)
            assert {len(versions) for versions in site.versions().values()} == {1}
        output = site.run(path, *options)
        assert set(map(frozenset, site.versions().values())) == {frozenset("2")}
        assert len(errors_of(path).read_text().splitlines()) == 51
        assert "Rejected: 50" in output
        assert "Changed: 0" in site.run(path)

    def test_is_refused_while_the_first_is_alive(self, tmp_path):
        site = Killed(tmp_path)
        path = hr_file(tmp_path, company(1))
        first = site.start(path)
        while first.poll() is None and not site.settled()[0][0]:
            time.sleep(0.02)
        first.send_signal(signal.SIGSTOP)
        second = site.start(path)
        errors = second.communicate(timeout=300)[1].decode()
        first.send_signal(signal.SIGCONT)
        first.communicate(timeout=300)
        assert "people.csv is still running" in errors
        assert second.returncode == 1
        assert (first.returncode, len(site.versions())) == (3, 2450)

    def test_of_a_first_import_leaves_nobody_without_a_manager(self, tmp_path):
        site = Killed(tmp_path)
        path = hr_file(tmp_path, company(1))
        site.kill(path)
        assert {len(versions) for versions in site.versions().values()} == {1}
        site.run(path)
        assert len(site.versions()) == 2450
