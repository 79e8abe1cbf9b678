"""JSON and LDIF go the same way through the admin as CSV."""

import json

import pytest

from tests.people.hr_files import staff
from tests.people.importers import address, texts
from wagtail_personalize.people.importing.models import ImportRun

pytestmark = pytest.mark.django_db

PEOPLE = [
    {"Staff no": "1", "name": {"first": "Ada"}, "Department": "IT", "tags": ["a", "b"]},
    {"Staff no": "2", "name": {"first": "Bert"}, "Department": "Legal"},
]
LDIF = """version: 1

dn: uid=1
employeeNumber: 1
givenName: Ada
jpegPhoto:: /9j/4AA=

dn: uid=2
changetype: delete
"""
DIRECTORY = """dn: uid=1,dc=example
employeeNumber: 1
manager: UID=2, dc=example

dn: uid=2,dc=example
employeeNumber: 2
"""


def json_file(listed):
    return json.dumps(PEOPLE) if listed else "\n".join(map(json.dumps, PEOPLE))


class TestJson:
    @pytest.mark.parametrize(("name", "listed"), [("people.json", True), ("people.jsonl", False), ("p.txt", True)])
    def test_is_uploaded_mapped_compared_and_imported(self, wizard, name, listed):
        wizard.upload(json_file(listed), name)
        page = texts(wizard.page())
        assert "Format: JSON" in page
        assert "a; b" in page
        wizard.columns(**{wizard.place("name.first"): "user.first_name"}, create_users="on", login_name="p{Staff no}")
        wizard.confirm()
        assert ImportRun.objects.get().counts["new"] == 2
        assert (staff("1").user.first_name, staff("2").department) == ("Ada", "Legal")

    def test_has_no_delimiter_to_choose(self, wizard):
        wizard.upload(json_file(True), "people.json")
        assert b'name="delimiter"' not in wizard.page().content
        answer = wizard.post("columns", wizard.last.pk, data={"read": "1", "encoding": "utf-8"})
        assert answer.status_code == 302
        assert "Encoding: utf-8 (as you said)" in texts(wizard.page())

    def test_that_is_broken_is_refused_with_a_sentence_and_forgotten(self, wizard, private):
        assert "neither a JSON list of objects" in texts(wizard.upload('{"a": [', "people.json"))
        assert not private.exists() or not list(private.iterdir())


class TestLdif:
    def test_is_uploaded_mapped_compared_and_imported(self, wizard):
        wizard.upload(LDIF, "people.ldif")
        page = texts(wizard.page())
        assert "Format: LDIF" in page
        assert "Left out, because it is no text: jpegPhoto" in page
        names = {"employeeNumber": "@match", "givenName": "user.first_name"}
        wizard.columns(
            **{wizard.place(column): fills for column, fills in names.items()},
            create_users="on",
            login_name="p{employeeNumber}",
        )
        assert "changetype: delete" in texts(wizard.page("preview"))
        wizard.confirm()
        run = ImportRun.objects.get()
        assert (run.counts["new"], run.counts["rejected"]) == (1, 1)
        rejected = b"".join(wizard.client.get(address("rejected", wizard.last.pk)).streaming_content).decode()
        assert rejected.splitlines()[1].startswith("8,,")

    def test_names_managers_by_dn(self, wizard):
        wizard.upload(DIRECTORY, "people.ldif")
        people = {"create_users": "on", "login_name": "p{employeeNumber}", wizard.place("employeeNumber"): "@match"}
        assert wizard.form()["manager_by"] == "dn"
        wizard.columns(**people)
        wizard.confirm()
        assert staff("1").manager == staff("2")

    def test_may_name_managers_by_something_else(self, wizard):
        wizard.upload(DIRECTORY, "people.ldif")
        wizard.columns("check", **{wizard.place("employeeNumber"): "@match"}, manager_by="")
        assert wizard.last.mapping["manager"] == {"column": "manager"}
        wizard.columns("check", manager_by="employeeNumber")
        assert wizard.last.mapping["manager"] == {"column": "manager", "by": "employeeNumber"}
