"""What counts as a person in a JSON file: nested objects, lists, and what is broken in every way a file can be."""

import json
import time

import pytest

from tests.intranet.models import Skill
from tests.people.hr_files import bring_in, counts, hr_file, mapping, staff
from wagtail_personalize.people.importing.sources.contract import ImportRefused, Unreadable
from wagtail_personalize.people.importing.sources.json_source import JsonSource


def lines(tmp_path, text, name="people.json"):
    """The cells of each person, or the number and reason of one that is broken."""
    source = JsonSource(hr_file(tmp_path, text, name))
    return [(line.number, line.reason) if isinstance(line, Unreadable) else line.cells for line in source.lines()]


def cells(tmp_path, **person):
    return lines(tmp_path, json.dumps(person))[0]


class TestObject:
    def test_inside_an_object_is_named_by_its_path(self, tmp_path):
        assert cells(tmp_path, office={"city": {"name": "Ulm"}}) == {"office.city.name": "Ulm"}

    def test_keeps_numbers_as_the_file_writes_them(self, tmp_path):
        text = '{"no": 12345678901234567890, "level": 1.10, "rate": 1e3, "zero": -0}'
        assert lines(tmp_path, text) == [{"no": "12345678901234567890", "level": "1.10", "rate": "1e3", "zero": "-0"}]

    def test_says_yes_no_and_nothing(self, tmp_path):
        assert cells(tmp_path, a=True, b=False, c=None, d="  ") == {"a": "true", "b": "false", "c": "", "d": ""}

    def test_need_not_have_every_column(self, tmp_path):
        text = '[{"no": 1},\n {"no": 2, "city": "Ulm"}]'
        assert lines(tmp_path, text) == [{"no": "1", "city": ""}, {"no": "2", "city": "Ulm"}]

    def test_in_lists_gives_several_values_to_a_path(self, tmp_path):
        found = cells(tmp_path, tags=["a", "b"], phones=[{"no": "1", "kind": "work"}, {"no": "2"}], none=[])
        assert found == {"tags": "a\ufdd1b", "phones.no": "1\ufdd12", "phones.kind": "work", "none": ""}

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ('{"no": 1, "no": 2}', "“no” occurs twice."),
            ('{"a": {"b": 1}, "a.b": 2}', "“a.b” occurs twice."),
            ('["no"]', "This is no JSON object."),
            ("7", "This is no JSON object."),
            ('{"no": NaN}', "This is no valid JSON: NaN."),
            ('{"no": "\\u0000"}', "The line contains a NUL byte."),
            ('{"no": "\\ud83d"}', "The line contains half a letter."),
            ('{"\\u0000": "x"}', "The line contains a NUL byte."),
            ('{"no": ' + "[" * 50 + "]" * 50 + "}", "The values are nested too deeply."),
            ('{"no": ' + "[" * 30_000 + "]" * 30_000 + "}", "The values are nested too deeply."),
            ("{'no': 1}", "This is no valid JSON: Expecting property name enclosed in double quotes."),
        ],
    )
    @pytest.mark.parametrize("listed", [False, True])
    def test_that_cannot_be_stored_is_rejected(self, tmp_path, text, reason, listed):
        good = '{"no": "good"}'
        file = f"[{good},\n{text},\n{good}]" if listed else f"{good}\n{text}\n{good}\n"
        assert lines(tmp_path, file) == [{"no": "good"}, (2, reason), {"no": "good"}]


class TestList:
    """A list is read on behind a broken object as far as its brackets tell where the next one begins."""

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ('[{"no": 1},\n{"no": 2', "This is no valid JSON: Expecting ',' delimiter."),
            ('[{"no": 1},\n', "The file ends before its list does."),
            ('[{"no": 1}\n', "The file ends before its list does."),
            ('[{"no": 1}\n{"no": 2}]', "Between two objects stands a comma; from here on nothing was read."),
            ('[{"no": 1}]\n[{"no": 2}]', "Nothing was read after the end of the list."),
        ],
    )
    def test_that_breaks_off_is_read_so_far_and_says_where(self, tmp_path, text, reason):
        first, broken, *_rest = lines(tmp_path, text)
        assert first == {"no": "1"}
        assert broken == (2, reason)

    def test_never_takes_an_object_inside_another_for_a_person(self, tmp_path):
        text = '[{"no": 1,,\n "boss": {"no": "evil"}},\n{"no": 2}]'
        assert [line if isinstance(line, dict) else line[0] for line in lines(tmp_path, text)] == [1, {"no": "2"}]

    def test_steps_over_brackets_and_quotes_inside_texts(self, tmp_path):
        text = '[{"no": 1,, "a": "}],{\\"", "b": "\\\\"},\n{"no": "]"}]'
        assert lines(tmp_path, text)[1:] == [{"no": "]"}]

    def test_may_be_empty(self, tmp_path):
        with pytest.raises(ImportRefused, match="is empty"):
            lines(tmp_path, " [ ] ")

    def test_of_one_endless_text_is_given_up_soon(self, tmp_path):
        started = time.process_time()
        (broken, *_rest) = lines(tmp_path, '[{"no": 1},\n{"x": "' + "\\" * 1_000_000)[1:]
        assert broken == (2, "The line is longer than 64 KiB.")
        assert time.process_time() - started < 10

    def test_of_nothing_but_brackets_is_given_up_soon(self, tmp_path):
        started = time.process_time()
        with pytest.raises(ImportRefused, match="neither a JSON list of objects"):
            lines(tmp_path, "[" * 1_000_000)
        assert time.process_time() - started < 10


class TestFile:
    @pytest.mark.parametrize("text", ["no;first\n1;Ada\n", "{\n", '"text"', "[1, 2]", '{"people": [}'])
    def test_that_holds_no_objects_is_refused(self, tmp_path, text):
        with pytest.raises(ImportRefused, match="neither a JSON list of objects nor one JSON object on each line"):
            lines(tmp_path, text)

    def test_says_which_form_it_has_and_what_is_counted(self, tmp_path):
        one_line = JsonSource(hr_file(tmp_path, '[{"no": 1}, {"no": 2}]'))
        assert one_line.statements()[0] == "Format: JSON (a list)"
        assert one_line.statements()[-1] == "Several people stand on one line, so people are counted instead of lines."
        assert JsonSource(hr_file(tmp_path, '{"no": 1}')).statements()[0] == "Format: JSON Lines"


@pytest.mark.django_db
class TestImport:
    RULES = {
        "columns": {
            "job.title": "job_title",
            "skills": {"to": "skills", "create": True, "only_new": True, "separator": ";"},
        }
    }

    def test_fills_many_values_from_a_list_and_one_text_from_several(self, tmp_path):
        person = {"no": 7, "job": {"title": ["Cook", "Baker"]}, "skills": ["Chess", "Go; Shogi"]}
        assert counts(bring_in(hr_file(tmp_path, json.dumps(person), "p.json"), mapping(**self.RULES))) == {"new": 1}
        assert staff("7").job_title == "Cook; Baker"
        assert set(staff("7").skills.values_list("name", flat=True)) == {"Chess", "Go", "Shogi"}
        assert Skill.objects.count() == 3

    def test_rejects_several_staff_numbers(self, tmp_path):
        result = bring_in(hr_file(tmp_path, '{"no": ["1", "2"]}', "p.json"), mapping())
        assert counts(result) == {"rejected": 1}
        assert "There are several staff numbers here." in result.error_file.read_text("utf-8-sig")
