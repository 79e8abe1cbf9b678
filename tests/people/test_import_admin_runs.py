"""The run in the background: killed, stopped, doubled, refused; and its place in the history."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks.backends.dummy import DummyBackend
from django_tasks.base import Task

from tests.builders import person, user
from tests.intranet.models import Staff
from tests.people.hr_files import hr_file
from tests.people.importers import address, texts, uploads
from wagtail_personalize.people.importing.admin import tasks
from wagtail_personalize.people.importing.batch.applying import Applying
from wagtail_personalize.people.importing.models import ImportRun

pytestmark = pytest.mark.django_db


def company(people):
    return "Staff no;Department\n" + "".join(f"{n};Sales\n" for n in range(1, people + 1))


@pytest.fixture
def compared(wizard):
    """``compared(file)``: an upload whose preview is there."""

    def upload(content="Staff no;Department\n1;Sales\n", **general):
        wizard.upload(content)
        wizard.columns(**{"create_users": "on", "login_name": "p{Staff no}", **general})
        assert wizard.last.state == "compared", wizard.last.problem
        return wizard.last

    return upload


def die_after(monkeypatch, lines):
    """The worker dies like a killed process: nothing tidies up behind it."""
    from wagtail_personalize.people.importing.admin.watching import Watching

    original = Watching.progress

    def progress(self, done, total):
        original(self, done, total)
        if done >= lines:
            raise RuntimeError("killed")

    monkeypatch.setattr(Watching, "progress", progress)
    monkeypatch.setattr("wagtail_personalize.people.importing.history.History.close", lambda self, *args: None)
    monkeypatch.setattr(tasks, "_end", lambda *args, **values: None)


class TestBackground:
    def test_waits_for_the_commit_and_a_worker(self, wizard, compared, monkeypatch):
        upload, queue = compared(), DummyBackend("default", {})
        monkeypatch.setattr(Task, "get_backend", lambda self: queue)
        assert wizard.confirm().url == address("progress", upload.pk)
        assert "Waiting for its turn." in texts(wizard.page("progress"))
        assert [result.args for result in queue.results] == [[str(upload.pk)]]
        assert not Staff.objects.exists()
        tasks.import_upload.call(str(upload.pk))
        assert Staff.objects.count() == 1

    def test_a_task_that_comes_twice_or_late_does_nothing(self, wizard, compared):
        upload = compared()
        wizard.confirm()
        run = ImportRun.objects.get()
        for task in (tasks.import_upload, tasks.compare_upload):
            task.call(str(upload.pk))
        assert ImportRun.objects.get() == run
        assert wizard.last.state == "ended"

    def test_a_click_that_comes_twice_starts_one_run(self, wizard, compared):
        compared()
        wizard.confirm()
        wizard.confirm()
        assert ImportRun.objects.count() == 1

    def test_a_task_of_an_upload_that_is_gone_does_nothing(self, wizard, compared):
        upload = compared()
        uploads().all().delete()
        tasks.import_upload.call(str(upload.pk))
        assert not ImportRun.objects.exists()


class TestKilledRun:
    def test_goes_on_where_it_was(self, wizard, compared, monkeypatch):
        upload = compared(company(2500))
        with monkeypatch.context() as patched:
            die_after(patched, 1000)
            wizard.confirm()
        run = ImportRun.objects.get()
        assert (run.state, wizard.last.state, Staff.objects.count()) == ("running", "importing", 1000)
        ImportRun.objects.update(process="elsewhere:1", seen_at=timezone.now() - timedelta(minutes=11))
        page = texts(wizard.page("progress"))
        assert "interrupted after 1,000 of 2,500 lines" in page
        assert "Go on with the import" in texts(wizard.client.get(address("run", run.pk)))
        wizard.post("go_on", upload.pk)
        run.refresh_from_db()
        assert (run.state, run.counts["new"], Staff.objects.count()) == ("finished", 2500, 2500)
        assert ImportRun.objects.count() == 1

    def test_goes_on_when_the_queue_gives_the_task_again(self, wizard, compared, monkeypatch):
        upload = compared(company(1500))
        with monkeypatch.context() as patched:
            die_after(patched, 1000)
            wizard.confirm()
        ImportRun.objects.update(process="elsewhere:1", seen_at=timezone.now() - timedelta(minutes=11))
        tasks.import_upload.call(str(upload.pk))
        assert (ImportRun.objects.get().state, wizard.last.state) == ("finished", "ended")

    def test_is_left_alone_while_it_is_alive(self, wizard, compared, monkeypatch):
        upload = compared(company(1500))
        with monkeypatch.context() as patched:
            die_after(patched, 1000)
            wizard.confirm()
        ImportRun.objects.update(process="elsewhere:1", seen_at=timezone.now())
        tasks.import_upload.call(str(upload.pk))
        wizard.post("go_on", upload.pk)
        assert (wizard.last.state, wizard.last.problem) == ("importing", "")
        assert "is still running" in texts(wizard.page("progress"))
        assert Staff.objects.count() == 1000

    def test_can_be_stopped_and_go_on(self, wizard, compared, monkeypatch):
        from wagtail_personalize.people.importing.admin.watching import Watching

        upload = compared(company(1500))
        original = Watching.progress

        def press_stop(self, done, total):
            if done == 1000:
                wizard.client.post(address("stop", upload.pk))
            original(self, done, total)

        with monkeypatch.context() as patched:
            patched.setattr(Watching, "progress", press_stop)
            wizard.confirm()
        run = ImportRun.objects.get()
        assert (run.state, wizard.last.state, Staff.objects.count()) == ("interrupted", "ended", 1000)
        wizard.post("go_on", upload.pk)
        assert Staff.objects.count() == 1500

    def test_that_broke_off_says_so_and_can_go_on(self, wizard, compared, monkeypatch, caplog):
        compared()
        with monkeypatch.context() as patched:
            patched.setattr(Applying, "apply_lines", lambda self, progress: 1 / 0)
            wizard.confirm()
        assert wizard.last.state == "ended"
        assert "broke off" in wizard.last.problem
        run = ImportRun.objects.get()
        assert "Go on with the import" in texts(wizard.client.get(address("run", run.pk)))
        wizard.post("go_on", wizard.last.pk)
        assert Staff.objects.count() == 1


class TestRefusedRun:
    def test_says_that_another_is_running(self, wizard, compared):
        compared()
        ImportRun.objects.create(
            file_name="other.csv", state="running", process="elsewhere:1", seen_at=timezone.now(), total=10
        )
        answer = wizard.confirm()
        assert answer.url == address("preview", wizard.last.pk)
        assert "The import of other.csv is still running." in texts(wizard.client.get(answer.url))
        assert (wizard.last.state, Staff.objects.count()) == ("compared", 0)

    def test_says_it_also_when_the_other_was_faster(self, wizard, compared):
        upload = compared()
        uploads().update(state="waiting")
        ImportRun.objects.create(file_name="other.csv", state="running", process="elsewhere:1", seen_at=timezone.now())
        tasks.import_upload.call(str(upload.pk))
        assert (wizard.last.state, Staff.objects.count()) == ("compared", 0)
        assert "is still running" in texts(wizard.page("preview"))

    def test_stops_when_too_many_would_leave_until_it_is_confirmed(self, wizard, compared):
        for n in range(2, 32):
            person(staff_number=str(n))
        compared("Staff no;Department\n1;Sales\n", mode="full")
        page = texts(wizard.page("preview"))
        assert "30 of 30 active people would become inactive" in page
        assert "--allow-leavers" not in page
        answer = wizard.confirm()
        assert "Confirm that so many people have left." in texts(wizard.client.get(answer.url))
        assert Staff.objects.filter(user__is_active=True).count() == 30
        wizard.confirm(allow_leavers="on")
        assert Staff.objects.filter(user__is_active=True).count() == 1
        assert ImportRun.objects.get().counts["absent"] == 30

    def test_asks_anew_when_too_many_would_leave_only_by_now(self, wizard, compared):
        compared("Staff no;Department\n1;Sales\n", mode="full")
        for n in range(2, 32):
            person(staff_number=str(n))
        wizard.confirm()
        assert wizard.last.state == "columns"
        assert "would become inactive" in wizard.last.problem
        assert ImportRun.objects.get().state == "stopped"
        assert Staff.objects.filter(user__is_active=True).count() == 30


class TestPreview:
    def test_shows_old_and_new_of_every_kind_of_value(self, wizard, compared):
        from tests.intranet.models import Office, Skill, Unit

        Unit.objects.create(code="it", name="IT")
        Office.objects.create(code="b", city="Bern")
        Skill.objects.create(name="Go")
        boss = person("boss", first_name="Bea", last_name="Boss", staff_number="9")
        person("ada", first_name="Ada", last_name="A", staff_number="1", remote=False, level=1, unit="it", motto="x")
        head = "Staff no;Last name;Level;Hired;Remote;Unit;Office;Manager;Mail\n"
        wizard.upload(head + "1;Zuse;2;2020-02-29;yes;;b;9;a@x.org\n")
        places = {wizard.place("Level"): "level", wizard.place("Remote"): "remote", wizard.place("Unit"): "unit"}
        wizard.columns(**places, **{wizard.place("Office"): "office"})
        page = texts(wizard.page("preview"))
        for change in [
            "Last name: before: A → after: Zuse",
            "Level: before: 1 → after: 2",
            "Hire date: → after: Feb. 29, 2020",
            "Works remotely: before: No → after: Yes",
            "Unit: before: IT → after: empty",
            "Office: → after: Bern",
            "Email address: → after: a@x.org",
            f"Manager: → after: {boss.staff}",
        ]:
            assert change in page, change

    def test_shows_twenty_of_a_thousand_in_a_constant_number_of_queries(
        self, wizard, compared, django_assert_max_num_queries
    ):
        for n in range(1, 4):
            person(staff_number=str(n))
        compared(company(3))
        with django_assert_max_num_queries(20) as captured:
            wizard.page("preview")
            few = len(captured)
        for n in range(4, 40):
            person(staff_number=str(n))
        compared(company(39))
        with django_assert_max_num_queries(few):
            page = texts(wizard.page("preview"))
        assert "The first 20 of 39." in page

    def test_says_when_nothing_would_change(self, wizard, compared):
        person(staff_number="1", department="Sales")
        compared()
        assert "Nothing would change: the site agrees with this file." in texts(wizard.page("preview"))

    def test_of_a_file_with_lines_about_nobody_asks_whether_the_absent_have_left(self, wizard, compared):
        person(staff_number="2")
        compared("Staff no;Department\n1;Sales\n;Sales\n", mode="full")
        assert "Mark people as left even though some lines do not say" in texts(wizard.page("preview"))
        wizard.confirm()
        assert ImportRun.objects.get().counts["absent"] == 0

    def test_can_be_downloaded_as_a_list_of_rejected_lines(self, wizard, compared):
        compared("Staff no;Hired\n1;=1+1\n;2020-01-01\n")
        answer = wizard.client.get(address("preview_rejected", wizard.last.pk))
        rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
        assert [row[:2] for row in rows] == [["line", "column"], ["2", "Hired"], ["3", "Staff no"]]
        assert "no-store" in answer["Cache-Control"]


class TestReport:
    def test_offers_the_rejected_lines_and_no_formulas(self, wizard, compared):
        upload = compared("Staff no;=HYPERLINK(1)\n1;soon\n2;2020-01-01\n")
        wizard.columns(**{wizard.place("=HYPERLINK(1)"): "hired"})
        wizard.confirm()
        page = texts(wizard.client.get(address("run", ImportRun.objects.get().pk)))
        assert "Rejected 1" in page
        answer = wizard.client.get(address("rejected", upload.pk))
        assert 'filename="people.csv.errors.csv"' in answer["Content-Disposition"]
        body = b"".join(answer.streaming_content).decode("utf-8-sig")
        assert "2,'=HYPERLINK(1)," in body

    def test_of_a_run_by_the_command_names_its_error_file(self, wizard, tmp_path):
        mapping = tmp_path / "m.json"
        mapping.write_text('{"match": "no", "columns": {"h": "hired"}}')
        call_command("import_people", str(hr_file(tmp_path, "no;h\n1;soon\n")), mapping=str(mapping))
        run = ImportRun.objects.get()
        page = texts(wizard.client.get(address("run", run.pk)))
        assert f"to the file {run.error_file} on the server" in page
        assert "command or unknown" in page
        assert "Encoding: utf-8 (detected)" in page

    def test_of_a_refused_run_says_why(self, wizard):
        run = ImportRun.objects.create(file_name="x.csv", state="stopped", report={"refusal": "It is <no> file."})
        assert b"It is &lt;no&gt; file." in wizard.client.get(address("run", run.pk)).content


class TestHistory:
    def test_says_when_there_is_none(self, wizard):
        assert "Nobody has imported people yet." in texts(wizard.client.get(address("index")))

    def test_lists_runs_and_what_is_under_way(self, wizard, importer, compared):
        compared()
        ImportRun.objects.create(
            file_name="done.csv", state="finished", by=importer, counts={"new": 1234, "rejected": 2}
        )
        page = texts(wizard.client.get(address("index")))
        assert "people.csv : To be confirmed" in page
        assert "done.csv" in page
        assert "1,234 new, 2 rejected" in page

    def test_is_filtered_by_state_person_and_day(self, wizard, importer):
        ImportRun.objects.create(file_name="mine.csv", state="finished", by=importer)
        ImportRun.objects.create(file_name="theirs.csv", state="stopped", by=user())
        day = (timezone.now() + timedelta(days=2)).date().isoformat()
        for query, found in [
            ({"state": "finished"}, ["mine.csv"]),
            ({"by": importer.pk}, ["mine.csv"]),
            ({"state": "stopped"}, ["theirs.csv"]),
            ({"started_at_to": day}, ["mine.csv", "theirs.csv"]),
            ({"started_at_from": day}, []),
        ]:
            page = texts(wizard.client.get(address("index_results"), query))
            assert [name for name in ("mine.csv", "theirs.csv") if name in page] == found, query
        assert "No import fits these filters." in page

    def test_is_listed_with_a_constant_number_of_queries(self, wizard, importer, django_assert_max_num_queries):
        runs = [ImportRun(file_name="x.csv", state="finished", by=importer) for _ in range(12)]
        runs[0].save()
        wizard.client.get(address("index"))
        with django_assert_max_num_queries(20) as few:
            wizard.client.get(address("index"))
        ImportRun.objects.bulk_create(runs[1:])
        with django_assert_max_num_queries(len(few)):
            wizard.client.get(address("index"))
