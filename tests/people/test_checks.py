import pytest
from django.core.checks import ERROR, run_checks
from django.db.models import Q

from tests.intranet.people import StaffProfile
from wagtail_personalize.people.attributes import Attribute, Choice, Date, Link, Many, Number, Text, Tree, YesNo
from wagtail_personalize.people.checks import check_declaration
from wagtail_personalize.people.declaration import ProfileDeclaration
from wagtail_personalize.people.employees.declaration import EmployeeDeclaration


def told(*attributes, **parts):
    """The numbers of the messages about a declaration over the test site's profile, and their texts."""
    parts = {"model": "intranet.Staff", "attributes": list(attributes), **parts}
    messages = check_declaration(type("Declared", (ProfileDeclaration,), parts)())
    return {message.id.partition(".")[2]: message for message in messages}


def attribute(kind, name="department", **parts):
    return kind(name, parts.pop("label", "Label"), **{"purpose": "Because.", **parts})


class TestSetting:
    def ids(self):
        return [message.id for message in run_checks(tags=["personalize_people"]) if message.is_serious(ERROR)]

    def test_of_the_test_site_is_right(self):
        assert self.ids() == []

    @pytest.mark.parametrize(
        ("path", "number"),
        [
            ("", "E001"),
            ("nowhere.People", "E002"),
            ("tests.intranet.people.Missing", "E002"),
            ("tests.intranet.models.Staff", "E003"),
        ],
    )
    def test_explains_a_declaration_that_cannot_be_found(self, settings, path, number):
        settings.WAGTAIL_PERSONALIZE = {"PROFILE": path}
        assert self.ids() == [f"personalize_people.{number}"]


class TestDeclaration:
    @pytest.mark.parametrize("declaration", [StaffProfile, EmployeeDeclaration])
    def test_that_is_right_has_no_errors(self, declaration):
        assert [message for message in check_declaration(declaration()) if message.is_serious(ERROR)] == []

    def test_that_is_ready_made_has_not_even_warnings(self):
        assert check_declaration(EmployeeDeclaration()) == []

    @pytest.mark.parametrize("model", ["intranet.Person", "nowhere.Staff", "Staff", ""])
    def test_names_a_model_that_does_not_exist(self, model):
        assert list(told(model=model)) == ["E004"]

    @pytest.mark.parametrize("user", ["person", "manager", "unit", "department"])
    def test_names_a_user_that_is_not_one_to_one(self, user):
        assert list(told(user=user)) == ["E005"]

    @pytest.mark.parametrize("name", ["department", "missing"])
    def test_names_a_staff_number_that_is_not_unique(self, name):
        assert list(told(staff_number=name)) == ["E006"]

    @pytest.mark.parametrize("name", ["department", "unit", "skills", "missing"])
    def test_names_a_manager_who_is_nobody(self, name):
        assert list(told(manager=name)) == ["E007"]

    @pytest.mark.parametrize(
        "parts", [{"time_zone": "unit"}, {"language": "unit"}, {"photo": "department"}, {"photo": "missing"}]
    )
    def test_names_other_fields_that_do_not_fit(self, parts):
        assert list(told(**parts)) == ["E008"]

    def test_lists_something_else_than_attributes(self):
        assert list(told("department")) == ["E009"]
        assert list(told(Attribute("department", "Department", purpose="…"))) == ["E009", "E015"]

    def test_declares_a_name_twice(self):
        assert list(told(attribute(Text), attribute(Choice))) == ["E010"]

    @pytest.mark.parametrize("name", ["missing", "level", "secret"])
    def test_filters_the_directory_by_something_unfit(self, name):
        declared = [attribute(Number, "level"), attribute(Choice, "secret", path="department", visible=False)]
        assert list(told(*declared, directory=[name])) == ["E011"]


class TestAttribute:
    @pytest.mark.parametrize("name", ["in_group", "reports_to", "a__b", "_a", "2nd", "a b", "", "@name", "x" * 101])
    def test_has_a_name_that_cannot_be_used(self, name):
        assert "E012" in told(attribute(Text, name, path="department"))

    def test_has_no_label(self):
        assert list(told(attribute(Text, label=""))) == ["E012"]

    def test_has_an_unknown_source(self):
        assert list(told(attribute(Text, source="payroll"))) == ["E013"]

    @pytest.mark.parametrize("path", ["missing", "office__missing", "department__city", "office__city__name", "__"])
    def test_has_a_path_that_leads_nowhere(self, path):
        assert list(told(attribute(Text, path=path))) == ["E014"]

    @pytest.mark.parametrize(
        ("kind", "path"),
        [
            (Text, "level"),
            (Text, "office"),
            (Number, "department"),
            (Date, "department"),
            (YesNo, "level"),
            (Link, "department"),
            (Tree, "department"),
            (Many, "department"),
            (Many, "unit"),
            (Link, "skills"),
            (Text, "skills__name"),
        ],
    )
    def test_does_not_fit_its_field(self, kind, path):
        assert list(told(attribute(kind, path=path))) == ["E015"]

    @pytest.mark.parametrize(
        ("kind", "path"),
        [
            (Text, "motto"),
            (Choice, "level"),
            (Number, "level"),
            (Date, "hired"),
            (Date, "user__date_joined"),
            (YesNo, "remote"),
            (Link, "office"),
            (Many, "skills"),
            (Many, "skills__name"),
            (Many, "reports"),
            (Many, "user__groups"),
        ],
    )
    def test_fits_its_field(self, kind, path):
        assert told(attribute(kind, path=path)) == {}

    @pytest.mark.parametrize("key", ["city", "missing"])
    def test_has_a_key_that_is_not_unique(self, key):
        assert list(told(attribute(Link, path="office", key=key))) == ["E016"]

    @pytest.mark.parametrize("parent", ["missing", "name"])
    def test_is_a_tree_without_parents(self, parent):
        assert list(told(attribute(Tree, path="unit", parent=parent))) == ["E017"]

    @pytest.mark.parametrize(
        "name",
        [
            "religion",
            "trade_union",
            "tradeUnion",
            "sick_days",
            "health_check",
            "political_party",
            "gewerkschaft",
            "dna",
        ],
    )
    def test_has_a_name_that_sounds_sensitive(self, name):
        assert list(told(attribute(Text, name, path="department"))) == ["E018"]

    @pytest.mark.parametrize(
        "label",
        [
            "Konfession",
            "Schwerbehinderung",
            "Sexuelle Orientierung",
            "Vakbondslid",
            "Ziekteverzuim",
            "Geloofsovertuiging",
            "Ethnicity",
            "Skin colour",
            "Führungszeugnis",
        ],
    )
    def test_has_a_label_that_sounds_sensitive(self, label):
        assert list(told(attribute(Text, label=label))) == ["E018"]

    @pytest.mark.parametrize("label", ["Reunion", "Terrace", "Muziek", "Kostenstelle", "Trace", "Fachkraft", "Company"])
    def test_may_have_a_harmless_label(self, label):
        assert told(attribute(Text, label=label)) == {}

    def test_that_sounds_sensitive_is_allowed_for_a_reason(self, settings):
        reasons = {"union": "Works agreement 2026-3"}
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "SENSITIVE_ATTRIBUTES": reasons}
        assert told(attribute(YesNo, "union", path="remote")) == {}


class TestEditing:
    @pytest.mark.parametrize(("name", "kind"), [("staff_number", Text), ("manager", Link)])
    def test_own_identity_is_refused(self, name, kind):
        assert list(told(attribute(kind, name, source="self"), **{name: name})) == ["E019"]

    def test_what_decides_who_counts_is_refused(self):
        active = Q(user__is_active=True) & ~Q(remote=True)
        assert list(told(attribute(YesNo, "remote", source="self"), active=active)) == ["E019"]

    def test_something_that_changes_another_attribute_is_refused(self):
        declared = [attribute(Link, "office", source="self"), attribute(Choice, "city", path="office__city")]
        message = told(*declared)["E020"]
        assert message.msg == (
            "The attribute 'city' has the source 'hr', but people can change it by editing 'office'."
        )

    def test_a_field_that_is_declared_twice_with_two_sources_is_refused(self):
        declared = [attribute(Text, "motto", source="self"), attribute(Choice, "same", path="motto", source="admin")]
        assert list(told(*declared)) == ["E020"]

    def test_beyond_the_profile_is_told(self):
        assert "W002" in told(attribute(Text, "city", path="office__city", source="self"))

    def test_on_the_account_page_is_told(self):
        assert list(told(attribute(Text, "last_name", path="user__last_name"))) == ["W003"]

    def test_without_a_purpose_is_told(self):
        assert list(told(attribute(Text, purpose=""))) == ["W001"]
