"""What counts as a line of a CSV file, whatever its encoding, delimiter and damage."""

import codecs
import io
import time

import pytest

from tests.people.hr_files import hr_file
from wagtail_personalize.people.importing.sources.contract import ImportRefused, Unreadable
from wagtail_personalize.people.importing.sources.csv_records import Records
from wagtail_personalize.people.importing.sources.csv_source import CsvSource


def source(tmp_path, text, **options):
    return CsvSource(hr_file(tmp_path, text), **options)


def people(tmp_path, text, **options):
    """The cells of each line, or the line number and reason of one that is broken."""
    return [
        (line.number, line.reason) if isinstance(line, Unreadable) else list(line.cells.values())
        for line in source(tmp_path, text, **options).lines()
    ]


def reasons(tmp_path, text, **options):
    lines = source(tmp_path, text, **options).lines()
    return {line.number: line.reason for line in lines if isinstance(line, Unreadable)}


class TestEncoding:
    @pytest.mark.parametrize(
        ("encoding", "mark", "stated"),
        [
            ("utf-8", b"", "utf-8"),
            ("utf-8", codecs.BOM_UTF8, "utf-8-sig"),
            ("cp1252", b"", "cp1252"),
            ("utf-16-le", codecs.BOM_UTF16_LE, "utf-16"),
            ("utf-16-be", codecs.BOM_UTF16_BE, "utf-16"),
        ],
    )
    def test_is_found_out_and_stated(self, tmp_path, encoding, mark, stated):
        file = source(tmp_path, mark + "no;city\r\n1;Zürich\r\n2;Łódź\r\n".encode(encoding, "replace"))
        assert next(file.lines()).cells == {"no": "1", "city": "Zürich"}
        assert f"Encoding: {stated} (detected)" in file.statements()

    def test_can_be_said_instead(self, tmp_path):
        file = source(tmp_path, "no;city\n1;Łódź\n".encode("cp1250"), encoding="cp1250")
        assert next(file.lines()).cells["city"] == "Łódź"
        assert "Encoding: cp1250 (as you said)" in file.statements()

    def test_of_utf8_survives_one_broken_line(self, tmp_path):
        text = "no,city\n1,Zürich\n2,K\n3,Łódź\n".encode().replace(b"K", b"K\xffln")
        assert people(tmp_path, text) == [
            ["1", "Zürich"],
            (3, "The line contains bytes that are not text in the encoding utf-8."),
            ["3", "Łódź"],
        ]

    def test_that_nobody_knows_is_refused(self, tmp_path):
        with pytest.raises(ImportRefused, match="“klingon” is not an encoding"):
            source(tmp_path, "no\n1\n", encoding="klingon")

    def test_keeps_a_mark_out_of_the_first_column(self, tmp_path):
        file = source(tmp_path, codecs.BOM_UTF8 + b"no\n1\n", encoding="utf-8")
        assert file.columns == ["no"]


class TestDelimiter:
    @pytest.mark.parametrize(
        ("delimiter", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "vertical bar")]
    )
    def test_is_found_out_and_stated(self, tmp_path, delimiter, name):
        lines = [["no", "name", "street"], ["1", '"Muster, Anna; Dr."', "Weg 1"], ["2", "Berta", "a.b"]]
        file = source(tmp_path, "\n".join(delimiter.join(line) for line in lines))
        assert [line.cells["street"] for line in file.lines()] == ["Weg 1", "a.b"]
        assert f"Delimiter: {name} (detected)" in file.statements()

    def test_can_be_said_instead(self, tmp_path):
        assert people(tmp_path, "no:city\n1:Ulm\n", delimiter=":") == [["1", "Ulm"]]

    def test_of_several_characters_is_refused(self, tmp_path):
        with pytest.raises(ImportRefused, match="single character"):
            source(tmp_path, "no\n", delimiter="||")

    def test_does_not_matter_with_one_column(self, tmp_path):
        assert people(tmp_path, "no\n1\n2\n") == [["1"], ["2"]]


class TestLine:
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_ends_as_any_system_ends_it(self, tmp_path, end):
        assert people(tmp_path, end.join(["a,b", "1,2", "", '"x' + end + 'y",4'])) == [["1", "2"], [f"x{end}y", "4"]]

    def test_has_its_number_also_behind_quoted_line_ends(self, tmp_path):
        file = source(tmp_path, 'a,b\n1,"two\nlines"\n\n3,4\n')
        assert [line.number for line in file.lines()] == [2, 5]

    def test_without_anything_in_it_is_no_person(self, tmp_path):
        assert people(tmp_path, "a,b\n1,2\n,\n   \n\n3,4\n") == [["1", "2"], ["3", "4"]]

    def test_with_a_quote_that_is_never_closed_costs_only_itself(self, tmp_path):
        text = 'a,b\n1,"never closed\n2,x\n3,"quoted"\n4,""\n5,z\n'
        assert people(tmp_path, text) == [
            (2, "The quotation marks of this line do not match."),
            ["2", "x"],
            ["3", "quoted"],
            ["4", ""],
            ["5", "z"],
        ]

    def test_with_text_behind_a_closing_quote_is_rejected(self, tmp_path):
        assert reasons(tmp_path, 'a,b\n1,"x"y\n2,z\n') == {2: "The quotation marks of this line do not match."}

    def test_may_have_a_quote_inside_a_plain_cell(self, tmp_path):
        assert people(tmp_path, 'a,b\n1,5" pipe\n2,z\n') == [["1", '5" pipe'], ["2", "z"]]

    def test_with_a_nul_byte_is_rejected(self, tmp_path):
        assert reasons(tmp_path, b"a,b\n1,x\x00y\n2,z\n") == {2: "The line contains a NUL byte."}

    def test_with_other_columns_than_the_first_is_rejected(self, tmp_path):
        assert reasons(tmp_path, "a,b\n1,2,3\n4\n5,6\n") == {
            2: "The line has 3 columns; the first line has 2.",
            3: "The line has 1 columns; the first line has 2.",
        }

    def test_of_more_than_64_kib_is_rejected_and_the_next_one_read(self, tmp_path):
        text = f"a,b\n1,{'x' * 70_000}\n2,{'ü' * 40_000}\n3,{'x' * 200_000}\n4,y\n"
        assert reasons(tmp_path, text) == dict.fromkeys((2, 3, 4), "The line is longer than 64 KiB.")
        assert [line for line in people(tmp_path, text) if isinstance(line, list)] == [["4", "y"]]

    def test_may_have_64_kib(self, tmp_path):
        assert reasons(tmp_path, f"a,b\n1,{'x' * (65_536 - 3)}\n") == {}


class TestHostileFile:
    def test_with_quotes_that_open_everywhere_is_given_up_soon(self):
        records = Records(io.StringIO('a","\n' * 400_000, newline=""), ",", columns=3)
        started = time.process_time()
        with pytest.raises(ImportRefused, match="quotation marks"):
            list(records)
        assert time.process_time() - started < 5

    @pytest.mark.parametrize("start", [b"PK\x03\x04rest", b"\x1f\x8b\x08rest", b"BZh9rest", b"\xd0\xcf\x11\xe0rest"])
    def test_that_is_an_archive_is_refused(self, tmp_path, start):
        with pytest.raises(ImportRefused, match="archive or an Excel workbook"):
            source(tmp_path, start).columns

    def test_with_more_than_200_columns_is_refused(self, tmp_path):
        with pytest.raises(ImportRefused, match="201 columns; at most 200"):
            source(tmp_path, ",".join(f"c{n}" for n in range(201))).columns

    def test_without_a_line_is_refused(self, tmp_path):
        with pytest.raises(ImportRefused, match=r"people\.csv is empty"):
            source(tmp_path, "\n\n").columns

    def test_that_does_not_exist_is_refused(self, tmp_path):
        with pytest.raises(ImportRefused, match=r"nowhere\.csv cannot be read: No such file"):
            CsvSource(tmp_path / "nowhere.csv").columns

    def test_with_a_column_twice_is_refused(self, tmp_path):
        with pytest.raises(ImportRefused, match="more than once: b"):
            source(tmp_path, "a,b,b,,\n").columns

    def test_in_utf16_without_a_mark_says_so(self, tmp_path):
        with pytest.raises(ImportRefused, match="NUL byte"):
            source(tmp_path, "a,b\n1,2\n".encode("utf-16-le")).columns
