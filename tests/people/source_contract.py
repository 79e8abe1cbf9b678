"""What every source of people has to keep, whatever its format. A new format says how it writes people, and is done.

Subclass ``SourceContract`` as ``Test…`` with the name of a file, ``write`` and ``broken``.
"""

import tracemalloc

import pytest

from tests.people.hr_files import bring_in, counts, errors_of, hr_file, mapping, staff
from wagtail_personalize.people.importing.sources.contract import ImportRefused, Line, Unreadable
from wagtail_personalize.people.importing.sources.formats import source_for

PEOPLE = [
    {"no": "1", "first": "Zoë", "dept": "IT", "hired": "2020-01-31"},
    {"no": "2", "first": "Łukasz “Luc”, the 2nd", "dept": "", "hired": "2021-02-28"},
    {"no": "3", "first": "O'Hara; \\ / : # <b>", "dept": "Legal", "hired": "2022-03-31"},
]


class SourceContract:
    """The claims. ``file_name`` has an ending by which the format is known."""

    file_name = ""

    def write(self, people):
        """The text of a file with these people, whose values are texts."""
        raise NotImplementedError

    def broken(self, people):
        """The same, but the second person cannot be read; and the line that is told."""
        raise NotImplementedError

    def source(self, folder, content, name=None, **options):
        return source_for(hr_file(folder, content, name or self.file_name), **options)

    @pytest.fixture
    def three(self, tmp_path):
        return self.source(tmp_path, self.write(PEOPLE))

    def test_names_every_column_once(self, three):
        assert [name for name in three.columns if name in PEOPLE[0]] == list(PEOPLE[0])
        assert len(three.columns) == len(set(three.columns))

    def test_gives_every_column_of_every_person_in_order(self, three):
        assert [{name: line.cells[name] for name in PEOPLE[0]} for line in three.lines()] == PEOPLE
        assert all(line.cells.keys() == set(three.columns) for line in three.lines())

    def test_counts_from_the_start_and_gives_no_number_twice(self, three):
        numbers = [line.number for line in three.lines()]
        assert numbers == sorted(set(numbers))
        assert numbers[0] >= 1

    def test_starts_again_with_every_call(self, three):
        next(three.lines())
        assert list(three.lines()) == list(three.lines())

    def test_knows_the_same_file_again_and_another_one_not(self, tmp_path, three):
        again = self.source(tmp_path, self.write(PEOPLE), "again-" + self.file_name)
        other = self.source(tmp_path, self.write(PEOPLE[:2]), "other-" + self.file_name)
        assert three.fingerprint == again.fingerprint != other.fingerprint
        assert len(three.fingerprint) == 64

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_finds_out_the_encoding_and_states_it(self, tmp_path, encoding):
        source = self.source(tmp_path, self.write(PEOPLE).encode(encoding))
        assert next(source.lines()).cells["first"] == "Zoë"
        assert f"Encoding: {encoding} (detected)" in source.statements()

    def test_takes_another_encoding_when_it_is_said(self, tmp_path):
        people = [{"no": "1", "first": "Łukasz"}]
        source = self.source(tmp_path, self.write(people).encode("cp1250"), encoding="cp1250")
        assert next(source.lines()).cells["first"] == "Łukasz"
        assert "Encoding: cp1250 (as you said)" in source.statements()

    def test_rejects_a_broken_person_alone_and_says_where(self, tmp_path):
        text, at = self.broken(PEOPLE)
        first, broken, third = self.source(tmp_path, text).lines()
        assert isinstance(broken, Unreadable)
        assert (first.cells["no"], broken.number, third.cells["no"]) == ("1", at, "3")
        assert broken.reason.endswith(".")

    def test_rejects_bytes_that_are_no_text_in_one_line_only(self, tmp_path):
        text = self.write(PEOPLE * 3).encode().replace("Łukasz".encode(), b"\xffukasz", 1)
        kinds = [type(line) for line in self.source(tmp_path, text).lines()]
        assert kinds == [Line, Unreadable, *[Line] * 7]

    def test_rejects_a_person_of_more_than_64_kib_in_one_line_only(self, tmp_path):
        long = {**PEOPLE[1], "first": "ü" * 40_000}
        lines = list(self.source(tmp_path, self.write([PEOPLE[0], long, PEOPLE[2]])).lines())
        assert [type(line) for line in lines] == [Line, Unreadable, Line]
        assert lines[1].reason == "The line is longer than 64 KiB."

    def test_refuses_more_than_200_columns(self, tmp_path):
        with pytest.raises(ImportRefused, match="at most 200"):
            self.source(tmp_path, self.write([{f"c{n}": "x" for n in range(202)}])).columns

    @pytest.mark.parametrize("content", ["", "\n\n", b"\xef\xbb\xbf\n"])
    def test_refuses_a_file_without_anybody(self, tmp_path, content):
        with pytest.raises(ImportRefused, match="is empty"):
            self.source(tmp_path, content).columns

    def test_refuses_an_archive(self, tmp_path):
        with pytest.raises(ImportRefused, match="archive or an Excel workbook"):
            self.source(tmp_path, b"PK\x03\x04rest").columns

    def test_refuses_a_file_that_does_not_exist(self, tmp_path):
        with pytest.raises(ImportRefused, match="cannot be read: No such file"):
            source_for(tmp_path / self.file_name).columns

    def test_never_holds_the_whole_file(self, tmp_path):
        people = [{"no": str(n), "first": "x" * 1000} for n in range(8000)]
        source = self.source(tmp_path, self.write(people))
        del people
        tracemalloc.start()
        assert sum(isinstance(line, Line) for line in source.lines()) == 8000
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert source.path.stat().st_size > 8_000_000
        assert peak < 4_500_000

    @pytest.mark.django_db
    def test_is_imported_with_the_same_mapping_and_twice_changes_nothing(self, tmp_path):
        path = hr_file(tmp_path, self.write(PEOPLE), self.file_name)
        assert counts(bring_in(path, dry_run=True)) == {"new": 3}
        assert counts(bring_in(path)) == {"new": 3}
        assert counts(bring_in(path)) == {"unchanged": 3}
        assert (staff("3").user.first_name, staff("3").department, str(staff("1").hired)) == (
            PEOPLE[2]["first"],
            "Legal",
            "2020-01-31",
        )

    @pytest.mark.django_db
    def test_finds_managers_by_whatever_column_names_them(self, tmp_path):
        people = [
            {"no": "1", "mail": "zoe@x.org", "boss": "LUC@x.org"},
            {"no": "2", "mail": "luc@x.org", "boss": ""},
            {"no": "3", "mail": "new@x.org", "boss": "2"},
        ]
        path = hr_file(tmp_path, self.write(people), self.file_name)
        assert counts(bring_in(path, mapping(manager={"column": "boss", "by": "mail"}))) == {"new": 2, "rejected": 1}
        assert staff("1").manager.staff_number == "2"
        assert "Nobody in the file has “2” in the column “mail”." in errors_of(path).read_text("utf-8-sig")

    @pytest.mark.django_db
    def test_has_its_rejected_lines_in_the_error_file(self, tmp_path):
        text, at = self.broken(PEOPLE)
        late = text.replace("2022-03-31", "someday")
        path = hr_file(tmp_path, late, self.file_name)
        assert counts(bring_in(path)) == {"new": 1, "rejected": 2}
        _header, broken, date = errors_of(path).read_text("utf-8-sig").splitlines()
        assert broken.startswith(f"{at},,")
        assert ",hired," in date

    @pytest.mark.django_db
    def test_marks_nobody_as_absent_whom_a_broken_line_may_name(self, tmp_path):
        everybody = hr_file(tmp_path, self.write(PEOPLE), self.file_name)
        bring_in(everybody)
        text, _at = self.broken(PEOPLE[:2])
        result = bring_in(hr_file(tmp_path, text, self.file_name), mode="full")
        assert counts(result).get("absent") in (None, 1)
        assert staff("2").user.is_active
        assert result.unidentified == 0 or staff("3").user.is_active

    @pytest.mark.django_db(transaction=True)
    def test_goes_on_where_it_was_interrupted(self, tmp_path):
        people = [{"no": str(n), "first": f"N{n}"} for n in range(1, 2101)]
        path = hr_file(tmp_path, self.write(people), self.file_name)

        def interrupt(done, total):
            if done >= 1000:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            bring_in(path, progress=interrupt)
        result = bring_in(path, resume=True)
        assert "Going on after 1000 lines." in result.statements
        assert counts(result) == {"new": 2100}
