"""What may be uploaded, what is refused, and where it lies."""

import gzip
import io
import json
import os
import time
import zipfile
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone

from tests.people.importers import address, texts, uploads
from wagtail_personalize.people.importing.models import ImportRun
from wagtail_personalize.people.importing.storage import PrivateFolder, import_storage
from wagtail_personalize.people.importing.uploads import ImportMapping
from wagtail_personalize.people.storage_checks import check_import_storage

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parents[3] / "shared" / "data"


def archive():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("people.csv", "no\n1\n")
    return packed.getvalue()


REFUSED = {
    "0 bytes": (b"", "empty"),
    "blank lines": (b"\n\n\r\n", "is empty"),
    "header only": (b"no;first\n", "holds only the names of its columns"),
    "no names": (b"\xef\xbb\xbf;;\n;;\n", "is empty"),
    "the same name twice": (b"no;no\n1;2\n", "occur more than once: no"),
    "201 columns": (";".join(f"c{n}" for n in range(201)).encode() + b"\n" + b";" * 200 + b"\n1\n", "201 columns"),
    "archive": (archive(), "archive or an Excel workbook"),
    "gzip": (gzip.compress(b"no\n1\n"), "archive"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3\n1 0 obj", "no CSV file"),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "no CSV file"),
    "web page": (b"\n<!DOCTYPE html><html></html>", "no CSV file"),
    "binary": (b"a;b\n\0\1\2;\0\n", "no CSV file"),
}


class TestRefusedFiles:
    @pytest.mark.parametrize(("content", "reason"), REFUSED.values(), ids=REFUSED)
    def test_are_refused_with_a_sentence_and_forgotten(self, wizard, private, content, reason):
        page = wizard.upload(content)
        assert page.status_code == 200
        assert reason in texts(page)
        assert not uploads().exists()
        assert not private.exists() or not list(private.iterdir())

    def test_are_refused_when_they_are_too_large(self, wizard, settings):
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "IMPORT_MAX_MEGABYTES": 1}
        assert "larger than 1 MB" in texts(wizard.upload(b"no\n" + b"1" * 1024 * 1024))

    def test_are_asked_for_when_there_is_none(self, wizard):
        assert "required" in texts(wizard.post("upload"))

    @pytest.mark.parametrize("encoding", ["undefined", "punycode", "x" * 50])
    def test_are_forgotten_when_the_mapping_names_an_impossible_encoding(self, wizard, private, encoding):
        ImportMapping.objects.create(name="HR", mapping={"match": "no", "encoding": encoding})
        page = wizard.upload("no;n\u00e4me\n1;\u00c4nne-\n", saved=ImportMapping.objects.get().pk)
        assert page.status_code == 200
        assert page.context["form"].errors["file"]
        assert not uploads().exists()
        assert not private.exists() or not list(private.iterdir())

    def test_are_forgotten_when_the_mapping_names_a_date_format_that_is_too_long(self, wizard, private):
        ImportMapping.objects.create(name="HR", mapping={"match": "no", "date_format": "%d.%m.%Y" + " " * 50})
        assert "too long" in texts(wizard.upload("no\n1\n", saved=ImportMapping.objects.get().pk))
        assert not private.exists() or not list(private.iterdir())

    def test_are_forgotten_when_anything_else_goes_wrong(self, wizard, private, monkeypatch):
        def fail(*args):
            raise RuntimeError("disk on fire")

        monkeypatch.setattr("wagtail_personalize.people.importing.admin.upload.guess", fail)
        with pytest.raises(RuntimeError, match="fire"):
            wizard.upload("no\n1\n")
        assert list(private.iterdir()) == []


class TestAcceptedFiles:
    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ("\ufeffStaff no;Department\n1;Büro\n".encode(), "Encoding: utf-8-sig (detected)"),
            ("Staff no;Department\n1;Büro\n".encode("cp1252"), "Encoding: cp1252 (detected)"),
            ("Staff no\tDepartment\n1\tBüro\n".encode("utf-16"), "Encoding: utf-16 (detected)"),
            ("Staff no,Department\r\n\r\n1,Büro\r\n".encode(), "Delimiter: comma (detected)"),
        ],
    )
    def test_are_read_as_they_are_written(self, wizard, content, said):
        wizard.upload(content)
        page = texts(wizard.page())
        assert said in page
        assert "Büro" in page

    def test_can_be_read_differently(self, wizard):
        wizard.upload("Staff no,a|Department\n1,b|Büro\n".encode("cp1252"), delimiter="|")
        assert "Delimiter: vertical bar (as you said)" in texts(wizard.page())
        wizard.post("columns", wizard.last.pk, data={"read": "1", "delimiter": ",", "encoding": "utf-8"})
        page = texts(wizard.page())
        assert "Encoding: utf-8 (as you said), Delimiter: comma (as you said)" in page
        assert wizard.last.mapping["match"] == ""

    def test_are_not_read_in_a_way_that_gives_no_table(self, wizard):
        wizard.upload("Staff no;Department\n1;Büro\n")
        page = wizard.post("columns", wizard.last.pk, data={"read": "1", "encoding": "utf-16"})
        assert page.status_code == 200
        assert wizard.last.encoding == ""

    def test_may_have_200_columns(self, wizard):
        names = ["Staff no", *(f"c{n}" for n in range(199))]
        wizard.upload(";".join(names) + "\n1" + ";" * 199 + "\n")
        form = wizard.form()
        assert len(form) < 1000
        wizard.columns(**{f"c{n}-{field}": "" for n in range(200) for field in ("separator", "date_format", "values")})
        assert wizard.last.state == "compared"

    def test_keep_a_name_without_folders(self, wizard):
        wizard.upload("no\n1\n", name="..\\..\\etc/people\u202e.csv")
        assert wizard.last.file_name == "people.csv"

    def test_show_their_texts_as_texts(self, wizard):
        evil = "<script>alert(1)</script>"
        wizard.upload(f'Staff no;"{evil}";Department\n1;"{evil}";"{evil}"\n2;;"=1+1"\n', name=f"{evil}.csv")
        wizard.columns(create_users="on", login_name="p{Staff no}")
        for page in (wizard.page(), wizard.page("preview"), wizard.client.get(address("index"))):
            assert evil.encode() not in page.content

    @pytest.mark.skipif(not DATA.exists(), reason="the data folder is not there")
    def test_show_hostile_texts_as_texts(self, wizard):
        cases = [case.read_text(errors="replace") for case in sorted((DATA / "xss-bleach" / "tests").rglob("*.test"))]
        assert cases
        hostile = [" ".join(case.split("--")[0].split())[:90].replace('"', '""') for case in cases]
        lines = "".join(f'{n};"{text}"\n' for n, text in enumerate(hostile, 1))
        wizard.upload("Staff no;Department\n" + lines)
        wizard.columns(create_users="on", login_name="p{Staff no}")
        for page in (wizard.page(), wizard.page("preview")):
            body = page.content.decode().split('class="personalize-import"')[1].split("</main>")[0].lower()
            assert not any(f"<{tag}" in body for tag in ("iframe", "object", "embed", "img", "style", "base", "meta"))
            assert "javascript:" not in body.replace("&#x27;", "'") or "&lt;" in body

    @pytest.mark.skipif(not DATA.exists(), reason="the data folder is not there")
    @pytest.mark.parametrize("case", sorted((DATA / "csv-spectrum" / "csvs").glob("*.csv")), ids=lambda case: case.stem)
    def test_may_be_as_hard_as_csv_gets(self, wizard, case):
        wizard.upload(case.read_bytes())
        columns = [form.column for form in wizard.page().context["form"].columns]
        expected = json.loads((DATA / "csv-spectrum" / "json" / f"{case.stem}.json").read_text())
        first = expected[0] if isinstance(expected, list) else expected
        assert set(columns) - {"Contact Phone Number"} == set(first) - {"Contact Phone Number"}
        place = wizard.place(columns[0])
        wizard.columns(create_users="on", login_name=f"{{{columns[0]}:slug}}x", **{place: "@match"})
        assert wizard.last.state == "compared"


class TestStoredFiles:
    def test_lie_in_a_private_folder_by_default(self, settings, tmp_path, monkeypatch):
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        storage = import_storage()
        assert isinstance(storage, PrivateFolder)
        name = storage.save("x.csv", SimpleUploadedFile("x.csv", b"no\n1\n"))
        path = Path(storage.path(name))
        assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
        with pytest.raises(NotImplementedError):
            storage.url(name)

    def test_are_refused_by_a_folder_that_others_can_read(self, tmp_path, monkeypatch):
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        storage = import_storage()
        Path(storage.location).mkdir(mode=0o755)
        with pytest.raises(Exception, match="is not private"):
            storage.save("x.csv", SimpleUploadedFile("x.csv", b"no\n1\n"))

    def test_are_deleted_after_a_week_with_their_rejected_lines(self, wizard, private):
        wizard.upload("Staff no;Hired\n1;yesterday\n2;2020-01-02\n")
        wizard.columns()
        assert len(list(private.iterdir())) == 2
        uploads().update(at=timezone.now() - timedelta(days=6))
        call_command("purge_audit")
        assert uploads().exists()
        uploads().update(at=timezone.now() - timedelta(days=8))
        call_command("purge_audit")
        assert (list(private.iterdir()), uploads().count()) == ([], 0)

    def test_that_no_upload_names_are_deleted_after_a_week(self, wizard, private):
        wizard.upload("no\n1\n")
        week = timedelta(days=7).total_seconds()
        for name, age in (
            (f"{uuid4()}.csv", week + 60),
            (f"{uuid4()}.csv.preview.csv", week + 60),
            (f"{uuid4()}.csv", 60),
        ):
            (private / name).write_text("no\n1\n")
            os.utime(private / name, (time.time() - age,) * 2)
        mine, foreign = private / wizard.last.stored, private / "payroll.csv"
        foreign.write_text("not ours")
        for path in (mine, foreign):
            os.utime(path, (0, 0))
        call_command("purge_audit")
        assert mine.exists()
        assert foreign.exists()
        assert len(list(private.iterdir())) == 3

    def test_leave_no_remarks_about_people_after_a_week(self):
        run = ImportRun.objects.create(
            file_name="x", state="finished", finished_at=timezone.now(), report={"lines": 1, "notes": ["Ada left."]}
        )
        call_command("purge_audit")
        run.refresh_from_db()
        assert run.report["notes"]
        ImportRun.objects.update(finished_at=timezone.now() - timedelta(days=8))
        call_command("purge_audit")
        run.refresh_from_db()
        assert run.report == {"lines": 1}

    def test_may_lie_in_a_storage_that_is_no_folder(self, wizard, settings):
        settings.STORAGES = {**settings.STORAGES, "hr": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
        wizard.upload("Staff no;Hired\n1;yesterday\n2;2020-01-02\n")
        wizard.columns(create_users="on", login_name="p{Staff no}")
        assert "“yesterday” is not a date" in texts(wizard.page("preview"))
        wizard.confirm()
        run = ImportRun.objects.get()
        assert (run.counts["new"], run.counts["rejected"]) == (1, 1)
        body = b"".join(wizard.client.get(address("rejected", wizard.last.pk)).streaming_content).decode()
        assert "“yesterday” is not a date" in body
        assert wizard.last.stored == ""
        assert import_storage().listdir("")[1] == [wizard.last.rejected]

    @pytest.mark.parametrize(
        ("alias", "location", "found"),
        [
            ("", None, []),
            ("hr", "elsewhere", []),
            ("hr", "media/hr", ["personalize_people.E022"]),
            ("default", None, ["personalize_people.E022"]),
            ("none", None, ["personalize_people.E021"]),
        ],
    )
    def test_may_not_lie_where_the_web_server_hands_them_out(self, settings, tmp_path, alias, location, found):
        settings.MEDIA_ROOT = str(tmp_path / "media")
        options = {"location": str(tmp_path / (location or "x"))}
        backend = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
        settings.STORAGES = {**settings.STORAGES, "hr": backend}
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "IMPORT_STORAGE": alias}
        assert [message.id for message in check_import_storage()] == found

    def test_can_be_deleted_at_once(self, wizard, private):
        wizard.upload("no\n1\n")
        wizard.post("discard", wizard.last.pk)
        assert (list(private.iterdir()), uploads().count()) == ([], 0)
