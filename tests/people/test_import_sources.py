"""Each format keeps the contract of a source (``source_contract.py``), and is known by its name or its beginning."""

import csv
import io
import json

import pytest

from tests.people.hr_files import hr_file
from tests.people.source_contract import SourceContract
from wagtail_personalize.people.importing.sources.csv_source import CsvSource
from wagtail_personalize.people.importing.sources.formats import source_for
from wagtail_personalize.people.importing.sources.json_source import JsonSource
from wagtail_personalize.people.importing.sources.ldif_source import LdifSource

pytestmark = pytest.mark.once


class TestCsv(SourceContract):
    file_name = "people.csv"

    def write(self, people):
        text = io.StringIO()
        writer = csv.DictWriter(text, people[0])
        writer.writeheader()
        writer.writerows(people)
        return text.getvalue()

    def broken(self, people):
        return self.write(people).replace('"Łukasz', '"never" closed'), 3


class TestJsonLines(SourceContract):
    file_name = "people.jsonl"

    def write(self, people):
        return "".join(json.dumps(person, ensure_ascii=False) + "\n" for person in people)

    def broken(self, people):
        return self.write(people).replace('"dept": ""', '"dept": '), 2


class TestJsonList(SourceContract):
    file_name = "people.json"

    def write(self, people):
        return json.dumps(people, ensure_ascii=False, indent=2)

    def broken(self, people):
        return self.write(people).replace('"dept": ""', '"dept": '), 8


class TestJsonListOnOneLine(SourceContract):
    file_name = "people.json"

    def write(self, people):
        return json.dumps(people, ensure_ascii=False, separators=(",", ":"))

    def broken(self, people):
        return self.write(people).replace('"dept":""', '"dept":'), 2


class TestLdif(SourceContract):
    file_name = "people.ldif"

    def write(self, people):
        entries = [
            f"dn: uid={place},dc=example\n" + "".join(f"{name}: {text}\n" for name, text in person.items())
            for place, person in enumerate(people)
        ]
        return "version: 1\n\n" + "\n".join(entries) if people else ""

    def broken(self, people):
        return self.write(people).replace("dept: \n", "dept\n"), 9


class TestFormat:
    @pytest.mark.parametrize(
        ("name", "content", "kind"),
        [
            ("x.csv", "[1]", CsvSource),
            ("x.tsv", "a\tb", CsvSource),
            ("X.JSON", "no", JsonSource),
            ("x.ndjson", "no", JsonSource),
            ("x.ldif", "no", LdifSource),
            ("x.txt", "no;first\n", CsvSource),
            ("x.txt", ' \n[\n {"no": 1}]', JsonSource),
            ("x", b"\xef\xbb\xbf" + b'{"no": 1}', JsonSource),
            ("x", '[{"no": 1}]'.encode("utf-16"), JsonSource),
            ("x.txt", "# a comment\n\nversion: 1\n\ndn: x", LdifSource),
            ("x.txt", "DN:: eA==\n", LdifSource),
            ("x.txt", "", CsvSource),
        ],
    )
    def test_is_found_out(self, tmp_path, name, content, kind):
        assert type(source_for(hr_file(tmp_path, content, name))) is kind

    def test_can_be_said(self, tmp_path):
        assert type(source_for(hr_file(tmp_path, '{"no": 1}', "x.csv"), format="json")) is JsonSource

    def test_goes_by_the_name_that_people_know(self, tmp_path):
        source = source_for(hr_file(tmp_path, '{"no": 1}', "stored.csv"), name="people.json")
        assert (type(source), source.name) == (JsonSource, "people.json")
