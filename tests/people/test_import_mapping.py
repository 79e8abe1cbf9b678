"""What a mapping may say, and the sentence for everything that it may not."""

import tomllib
from dataclasses import fields
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management.base import CommandParser
from django.db import models

from tests.builders import person
from tests.intranet.people import StaffProfile
from tests.people.hr_files import bring_in, counts, errors_of, hr_file, mapping, staff
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.people.importing.batch.conversion import convert
from wagtail_personalize.people.importing.mapping.binding import bind
from wagtail_personalize.people.importing.mapping.checks import named_columns
from wagtail_personalize.people.importing.mapping.definition import Mapping, load_mapping
from wagtail_personalize.people.importing.mapping.rules import ColumnRule, LeaveRule, LinkRule, ManagerRule
from wagtail_personalize.people.importing.mapping.targets import Target
from wagtail_personalize.people.importing.mapping.text_templates import fill
from wagtail_personalize.people.importing.sources.contract import ImportRefused
from wagtail_personalize.people.management.commands.import_people import Command


def refusal(given, columns=("no", "a", "b"), declaration=None, full=False):
    """The sentence with which this mapping is refused."""
    with pytest.raises(ImportRefused) as refused:
        bind(Mapping.from_dict({"match": "no", **given}), declaration or get_declaration(), columns, full=full)
    return str(refused.value)


class TestMappingFile:
    def test_is_toml(self, tmp_path):
        file = tmp_path / "people.toml"
        file.write_text('match = "no"\n[columns]\na = "department"\n"b.c" = { to = "job_title", empty = "keep" }\n')
        rules = load_mapping(file)
        assert rules.columns["b.c"] == [ColumnRule("job_title", empty="keep")]

    def test_that_is_no_toml_is_refused_with_the_line(self, tmp_path):
        file = tmp_path / "people.toml"
        file.write_text('match = "no"\n[columns\n')
        with pytest.raises(ImportRefused, match=r"is not valid TOML: .*line 2"):
            load_mapping(file)

    def test_that_is_missing_is_refused(self, tmp_path):
        with pytest.raises(ImportRefused, match="cannot be read"):
            load_mapping(tmp_path / "nowhere.toml")

    def test_has_a_fingerprint_of_all_that_it_says(self):
        assert mapping().fingerprint() == mapping().fingerprint()
        assert mapping().fingerprint() != mapping(constants={"remote": True}).fingerprint()


class TestRefusal:
    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            ({"colums": {}}, "The mapping does not know “colums”"),
            ({"columns": {"a": {"to": "department", "emtpy": "keep"}}}, "does not know “emtpy” in [columns.a]"),
            ({"columns": {"a": {"values": {}}}}, "The mapping lacks “to” in [columns.a]."),
            ({"columns": "a"}, "“columns” must be a table"),
            ({"columns": {"a": 3}}, "must be a table"),
            ({"columns": {"a": {"to": "department", "empty": "drop"}}}, "must be “clear” or “keep”"),
            ({"columns": {"a": {"to": "hired", "date_format": "dd.mm"}}}, "“dd.mm” is not a date format"),
            ({"create_users": "yes"}, "“create_users” must be bool"),
            ({"links": {"office": {"find": {"city": 3}}}}, "“find” in [links.office] must be"),
            ({"columns": {"x": "department"}}, "The file lacks columns that the mapping names: x. It has: a, b, no."),
            ({"columns": {"a": "salary"}}, "cannot fill “salary”: the model intranet.Staff has no field “salary”"),
            ({"columns": {"a": "user.shoe"}}, "the model auth.User has no field “shoe”"),
            ({"columns": {"a": "boss.name"}}, "write an attribute, “user.field” or “profile.field”"),
            ({"columns": {"a": "city"}}, "say which object under [links.office]"),
            ({"columns": {"a": "profile.reports"}}, "it belongs to another model"),
            ({"columns": {"a": "profile.user"}}, "have places of their own"),
            ({"columns": {"a": "profile.staff_number"}}, "have places of their own"),
            ({"columns": {"a": "manager"}}, "have places of their own"),
            ({"columns": {"a": "profile.id"}}, "keys and files cannot be imported"),
            ({"columns": {"a": "department", "b": "profile.department"}}, "fills “profile.department” twice"),
            ({"columns": {"a": "motto"}}, "People fill in “motto” themselves"),
            ({"columns": {"a": "profile.motto"}}, "Say only_new = true"),
            ({"links": {"department": {"find": {"x": "a"}}}}, "this is no link to another model"),
            ({"links": {"office": {}}}, "[links.office]: say either “find” or “path”."),
            ({"links": {"office": {"find": {"town": "a"}}}}, "intranet.Office has no field “town”"),
            ({"links": {"office": {"find": {"pk": "a"}, "create": True}}}, "cannot be made from “pk”"),
            ({"links": {"unit": {"path": ["a", "b"], "separator": "/"}}}, "a separator goes with one column"),
            ({"links": {"office": {"find": {"city": "a"}, "separator": "/"}}}, "needs no separator"),
            ({"create_users": True}, "the mapping must say login_name"),
            ({"create_users": True, "login_name": "{x}"}, "lacks columns that the mapping names: x"),
            ({"create_users": True, "login_name": "{a:shout}"}, "unknown filter “shout”"),
            ({"create_users": True, "login_name": "{a}", "columns": {"b": "user.username"}}, "say one"),
        ],
    )
    def test_is_a_sentence(self, given, sentence):
        assert sentence in refusal(given)

    def test_of_a_site_without_staff_numbers(self):
        class Nameless(StaffProfile):
            staff_number = None

        assert "must name the field of the staff number" in refusal({}, declaration=Nameless())

    def test_of_a_staff_number_that_is_not_unique(self):
        class Shared(StaffProfile):
            staff_number = "department"

        assert "must be unique" in refusal({}, declaration=Shared())

    def test_of_a_manager_that_is_not_declared(self):
        class Flat(StaffProfile):
            manager = None

        assert "names no field for it" in refusal({"manager": {"column": "a"}}, declaration=Flat())


class TestDocumentation:
    TEXT = (Path(__file__).parents[2] / "docs" / "how-to" / "import-people.md").read_text()

    def test_shows_a_mapping_that_works(self, settings):
        settings.WAGTAIL_PERSONALIZE = {
            "PROFILE": "wagtail_personalize.people.employees.declaration.EmployeeDeclaration"
        }
        example = self.TEXT.split("```toml")[1].split("```")[0]
        rules = Mapping.from_dict(tomllib.loads(example))
        bind(rules, get_declaration(), {column for column, _optional in named_columns(rules)})

    @pytest.mark.parametrize("rule", [Mapping, ColumnRule, LinkRule, ManagerRule, LeaveRule])
    def test_names_every_key(self, rule):
        assert [
            key.name for key in fields(rule) if f"`{key.name}" not in self.TEXT and f"[{key.name}" not in self.TEXT
        ] == []

    def test_names_every_option(self, capsys):
        options = CommandParser()
        Command().add_arguments(options)
        named = {name for action in options._actions for name in action.option_strings if name.startswith("--")}
        assert {name for name in named - {"--help"} if f"`{name}" not in self.TEXT} == set()


class TestTemplate:
    @pytest.mark.parametrize(
        ("template", "text"),
        [
            ("{First}.{Last}", "Zoë.O'Hara Łódź"),
            ("{First:initial,lower}{Last:slug}", "zohara-lodz"),
            ("{First:ascii}@example.com", "zoe@example.com"),
            ("{Nothing}x{First:upper}", "xZOË"),
            ("{First.__class__}{0}", ""),
        ],
    )
    def test_is_filled_from_the_columns(self, template, text):
        assert fill(template, {"First": "Zoë", "Last": "O'Hara Łódź"}) == text


class TestValue:
    @pytest.mark.parametrize(
        ("field", "text", "value"),
        [
            (models.IntegerField(), "7", 7),
            (models.DecimalField(max_digits=6, decimal_places=2), "1.5", Decimal("1.5")),
            (models.BooleanField(null=True), "Ja", True),
            (models.BooleanField(), "n", False),
            (models.DateField(), "31.01.2020", date(2020, 1, 31)),
            (models.CharField(max_length=9, choices=[("ft", "Full time")]), "FULL TIME", "ft"),
            (models.CharField(max_length=9, choices=[("ft", "Full time")]), "ft", "ft"),
            (models.CharField(max_length=9, null=True, blank=True), "", None),
            (models.CharField(max_length=9, blank=True), "", ""),
            (models.IntegerField(default=3), "", 3),
            (models.EmailField(), "a@example.com", "a@example.com"),
        ],
    )
    def test_is_what_the_field_stores(self, field, text, value):
        assert convert(text, Target("x", "profile", field), ColumnRule("x"), "%d.%m.%Y") == value

    def test_with_a_decimal_comma_is_read_when_the_mapping_says_so(self):
        target = Target("x", "profile", models.DecimalField(max_digits=9, decimal_places=2))
        assert convert("1.234,5", target, ColumnRule("x", decimal=","), "") == Decimal("1234.5")

    @pytest.mark.parametrize(
        ("field", "text"),
        [
            (models.IntegerField(), "seven"),
            (models.IntegerField(), ""),
            (models.FloatField(), "nan"),
            (models.FloatField(), "inf"),
            (models.BooleanField(), "maybe"),
            (models.DateField(), "30.02.2020"),
            (models.CharField(max_length=3), "four"),
            (models.CharField(max_length=9, choices=[("ft", "Full time")]), "part"),
            (models.EmailField(), "nobody"),
        ],
    )
    def test_that_does_not_fit_is_refused(self, field, text):
        with pytest.raises(Exception, match=r".") as refused:
            convert(text, Target("x", "profile", field), ColumnRule("x"), "%d.%m.%Y")
        assert type(refused.value).__name__ == "ValidationError"


@pytest.mark.django_db
class TestColumn:
    @pytest.fixture
    def bring(self, tmp_path):
        return lambda text, rules, **options: bring_in(hr_file(tmp_path, text), rules, **options)

    def test_can_fill_several_fields(self, bring):
        bring("no,x\n1,Sales\n", mapping(columns={"x": ["department", "job_title"]}))
        assert (staff("1").department, staff("1").job_title) == ("Sales", "Sales")

    def test_can_translate_values(self, bring):
        rules = mapping(columns={"x": {"to": "department", "values": {"10": "IT", "": "Nobody's"}}})
        bring("no,x\n1,10\n2,\n3,HR\n", rules)
        assert [staff(n).department for n in "123"] == ["IT", "Nobody's", "HR"]

    def test_can_keep_the_value_when_it_is_empty(self, bring):
        person(staff_number="1", department="IT")
        assert counts(bring("no,x\n1,\n", mapping(columns={"x": {"to": "department", "empty": "keep"}}))) == {
            "unchanged": 1
        }

    def test_can_fill_only_new_people_with_what_they_edit_themselves(self, bring):
        person(staff_number="1", motto="Mine")
        rules = mapping(columns={"x": {"to": "motto", "only_new": True}})
        assert counts(bring("no,x\n1,HR's\n2,HR's\n", rules)) == {"unchanged": 1, "new": 1}
        assert (staff("1").motto, staff("2").motto) == ("Mine", "HR's")

    def test_keeps_a_birthday_without_its_year(self, bring):
        rules = mapping(columns={"x": {"to": "birthday", "only_new": True}})
        bring("no,x\n1,1984-02-29\n2,1985-12-24\n", rules)
        assert [staff(n).birthday for n in "12"] == [date(2000, 2, 29), date(2000, 12, 24)]

    def test_with_a_value_that_does_not_fit_is_named_in_the_error_file(self, bring, tmp_path):
        bring("no,x\n1,many\n", mapping(columns={"x": "level"}))
        assert "2,x,“many” value must be an integer." in errors_of(tmp_path / "people.csv").read_text()

    def test_states_what_was_detected_and_what_was_said(self, bring):
        rules = mapping(columns={"x": "hired", "y": {"to": "birthday", "only_new": True, "date_format": "%d.%m."}})
        result = bring("no,x,y\n1,31.01.2020,24.12.\n", rules)
        assert result.statements == [
            "Encoding: utf-8 (detected)",
            "Delimiter: comma (detected)",
            "Dates in “x”: dd.mm.yyyy (detected)",
            "Dates in “y”: %d.%m. (as you said)",
        ]
