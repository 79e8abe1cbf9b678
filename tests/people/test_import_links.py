"""Linked objects: found by key, by several columns or by path, and made when the mapping asks for it."""

import pytest
from wagtail.documents import get_document_model
from wagtail.models import Collection

from tests.builders import person
from tests.intranet.models import Office, Skill, Unit
from tests.intranet.people import StaffProfile
from tests.people.hr_files import bring_in, counts, errors_of, hr_file, mapping, staff
from wagtail_personalize.people.attributes import Many, Tree
from wagtail_personalize.people.importing.batch.linked_objects import LinkedObjects
from wagtail_personalize.people.importing.mapping.links import Link
from wagtail_personalize.people.importing.mapping.rules import LinkRule
from wagtail_personalize.people.importing.mapping.targets import Target
from wagtail_personalize.people.models import TreePath

pytestmark = pytest.mark.django_db


class WithHrSkills(StaffProfile):
    """Skills that HR keeps, so that an import may overwrite them."""

    attributes = [Tree("unit", "Unit", key="code"), Many("skills", "Skills", key="name")]


@pytest.fixture
def bring(tmp_path):
    return lambda text, rules, **options: bring_in(hr_file(tmp_path, text), rules, **options)


def reasons(tmp_path):
    return errors_of(tmp_path / "people.csv").read_text()


class TestLinkByKey:
    RULES = {"columns": {"office": "office"}}

    def test_is_found(self, bring):
        munich = Office.objects.create(code="muc", city="München")
        bring("no,office\n1,muc\n2,\n", mapping(**self.RULES))
        assert (staff("1").office, staff("2").office) == (munich, None)

    def test_that_is_unknown_rejects_the_line(self, bring, tmp_path):
        assert counts(bring("no,office\n1,muc\n", mapping(**self.RULES))) == {"rejected": 1}
        assert "2,office,There is no office “muc”." in reasons(tmp_path)

    def test_is_compared_exactly(self, bring):
        Office.objects.create(code="MUC", city="München")
        assert counts(bring("no,office\n1,muc\n", mapping(**self.RULES))) == {"rejected": 1}

    def test_can_be_made(self, bring):
        rules = mapping(columns={"skill": {"to": "skills", "only_new": True, "create": True, "separator": ","}})
        result = bring('no;skill\n1;"Go, Rust"\n2;Go\n', rules)
        assert result.made == {"skills": 2}
        assert {skill.name for skill in staff("1").skills.all()} == {"Go", "Rust"}

    def test_can_be_a_constant(self, bring):
        munich = Office.objects.create(code="muc", city="München")
        bring("no\n1\n", mapping(constants={"office": "muc", "remote": False, "level": 3}))
        assert (staff("1").office, staff("1").remote, staff("1").level) == (munich, False, 3)


class TestLinkBySeveralColumns:
    RULES = {
        "links": {
            "office": {
                "find": {"city": "City", "country": "Country"},
                "create": True,
                "new": {"code": "{City:slug}-{Country:slug}"},
            }
        }
    }

    def test_is_found_or_made_once(self, bring):
        london = Office.objects.create(code="old", city="London", country="UK")
        text = "no,City,Country\n1,London,UK\n2,London,Canada\n3,London,Canada\n4,,\n"
        assert bring(text, mapping(**self.RULES)).made == {"office": 1}
        assert staff("1").office == london
        assert staff("2").office == staff("3").office == Office.objects.get(code="london-canada")
        assert staff("4").office is None

    def test_that_is_not_clear_rejects_the_line(self, bring, tmp_path):
        Office.objects.create(code="a", city="London", country="UK")
        Office.objects.create(code="b", city="London", country="UK")
        assert counts(bring("no,City,Country\n1,London,UK\n", mapping(**self.RULES))) == {"rejected": 1}
        assert "There is more than one office “London / UK”." in reasons(tmp_path)

    def test_that_cannot_be_made_rejects_the_line_with_the_reason(self, bring, tmp_path):
        text = f"no,City,Country\n1,{'x' * 101},UK\n2,London,UK\n"
        assert counts(bring(text, mapping(**self.RULES))) == {"rejected": 1, "new": 1}
        assert "city: Ensure this value has at most 100 characters" in reasons(tmp_path)

    def test_is_not_made_for_a_rejected_line(self, bring):
        result = bring("no,City,Country,boss\n1,Oslo,NO,404\n2,Rome,IT,\n", mapping(**self.RULES))
        assert counts(result) == {"rejected": 1, "new": 1}
        assert [office.city for office in Office.objects.all()] == ["Rome"]
        assert result.made == {"office": 1}

    def test_is_not_made_in_a_dry_run(self, bring):
        result = bring("no,City,Country\n1,London,UK\n2,London,UK\n", mapping(**self.RULES), dry_run=True)
        assert (counts(result), result.made) == ({"new": 2}, {"office": 1})
        assert not Office.objects.exists()


class TestTreePath:
    RULES = {
        "links": {
            "unit": {
                "path": ["Country", "City"],
                "by": "name",
                "create": True,
                "new": {"code": "{path:slug}"},
                "values": {"Deutschland": "Germany"},
            }
        }
    }
    TEXT = "no,Country,City\n1,Germany,Munich\n2,Deutschland,Munich\n3,Germany,Berlin\n4,UK,\n5,,\n"

    def test_is_made_from_the_top_down(self, bring):
        assert bring(self.TEXT, mapping(**self.RULES)).made == {"unit": 4}
        munich = staff("1").unit
        assert (munich.name, munich.parent.name, munich.parent.parent) == ("Munich", "Germany", None)
        assert staff("2").unit == munich
        assert staff("3").unit.parent == munich.parent
        assert (staff("4").unit.name, staff("5").unit) == ("UK", None)

    def test_is_found_where_it_is(self, bring):
        bring(self.TEXT, mapping(**self.RULES))
        result = bring(self.TEXT + "6,UK,Munich\n", mapping(**self.RULES))
        assert (counts(result), result.made) == ({"unchanged": 5, "new": 1}, {"unit": 1})
        assert staff("6").unit.parent.name == "UK"

    def test_is_one_column_with_a_separator(self, bring):
        rules = {
            "unit": {"path": ["Place"], "separator": ">", "by": "name", "create": True, "new": {"code": "{value}"}}
        }
        bring("no,Place\n1,Germany > Munich\n2,Germany\n", mapping(links=rules))
        assert staff("1").unit.parent == staff("2").unit

    def test_that_is_unknown_rejects_the_line(self, bring, tmp_path):
        rules = {"unit": {"path": ["Country", "City"], "by": "name"}}
        Unit.objects.create(code="g", name="Germany")
        assert counts(bring("no,Country,City\n1,Germany,Munich\n", mapping(links=rules))) == {"rejected": 1}
        assert "There is no unit “Germany / Munich”." in reasons(tmp_path)

    def test_is_known_to_rules_at_once(self, bring):
        bring(self.TEXT, mapping(**self.RULES))
        germany = Unit.objects.get(name="Germany")
        below = TreePath.objects.filter(ancestor=str(germany.pk), depth=1)
        assert {Unit.objects.get(pk=path.descendant).name for path in below} == {"Munich", "Berlin"}


class TestTreebeardPath:
    """Trees with materialised paths, such as Wagtail's own collections."""

    def find(self, *paths, create=True, dry_run=False):
        field = get_document_model()._meta.get_field("collection")
        rule = LinkRule(path=["top", "middle", "end"], by="name", create=create)
        objects = LinkedObjects(Link(Target("collection", "profile", field), rule), dry_run)
        objects.find(dict(zip(("top", "middle", "end"), path, strict=True)) for path in paths)
        return objects

    def test_is_found_and_made_in_its_place(self):
        self.find(("Root", "HR", "Payroll"), ("Root", "IT", "Payroll"), ("Root", "HR", ""))
        objects = self.find(("Root", "HR", "Payroll"), create=False)
        payroll = Collection.objects.get(pk=objects.pointer(("Root", "HR", "Payroll")))
        assert [node.name for node in payroll.get_ancestors()] == ["Root", "HR"]
        assert Collection.objects.filter(name="Payroll").count() == 2
        assert Collection.find_problems() == ([], [], [], [], [])

    def test_is_not_made_in_a_dry_run(self):
        assert self.find(("Root", "HR", ""), ("Other", "", ""), dry_run=True).made == {("Root", "HR"), ("Other",)}
        assert Collection.objects.count() == 1


class TestManyValues:
    @pytest.fixture(autouse=True)
    def profile(self, settings):
        settings.WAGTAIL_PERSONALIZE = {"PROFILE": "tests.people.test_import_links.WithHrSkills"}

    RULES = {"columns": {"skills": {"to": "skills", "separator": ",", "values": {"golang": "Go"}}}}

    def test_become_what_the_file_says(self, bring):
        for name in ("Go", "Rust", "Ada"):
            Skill.objects.create(name=name)
        person(staff_number="1", skills=["Ada", "Go"])
        person(staff_number="2", skills=["Ada"])
        result = bring('no;skills\n1;"golang, Rust"\n2;Ada\n3;\n', mapping(**self.RULES))
        assert counts(result) == {"changed": 1, "unchanged": 1, "new": 1}
        assert {skill.name for skill in staff("1").skills.all()} == {"Go", "Rust"}
        assert {skill.name for skill in staff("2").skills.all()} == {"Ada"}

    def test_can_be_emptied(self, bring):
        person(staff_number="1", skills=["Ada"])
        assert counts(bring("no;skills\n1;\n", mapping(**self.RULES))) == {"changed": 1}
        assert not staff("1").skills.exists()
