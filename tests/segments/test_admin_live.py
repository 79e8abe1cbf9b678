"""What the editor learns while editing: sentence, size, names, and values to pick from."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from tests.builders import person, segment
from tests.intranet.models import Unit
from tests.segments.editing import editor_with, rule_data
from wagtail_personalize.privacy.models import LookAt
from wagtail_personalize.segments.admin.builder.sources import source_named

pytestmark = pytest.mark.django_db

LEGAL = {"all": [{"attribute": "department", "operator": "is_one_of", "value": ["Legal"]}]}
BIRTHDAY = {"all": [{"attribute": "birthday", "operator": "anniversary_within", "value": 7, "unit": "days"}]}


@pytest.fixture
def editor(client):
    someone = editor_with("change_segment")
    client.force_login(someone)
    return someone


def ask(client, editor, rule, edited=None, **fields):
    url = reverse("personalize_segments:live") + (f"?segment={edited.pk}" if edited else "")
    return client.post(url, {**rule_data(editor, rule), **fields})


class TestLivePanel:
    def test_says_how_the_rule_reads_and_whom_it_means(self, client, boss):
        ada = person("ada", last_name="Lovelace", department="Legal")

        page = ask(client, boss, LEGAL).content.decode()

        for words in ("Department is Legal", "1 person", "Lovelace"):
            assert words in page
        look = LookAt.objects.get()
        assert (look.actor, list(look.persons.all())) == (boss, [ada])

    def test_names_five_at_most(self, client, boss):
        for number in range(7):
            person(last_name=f"Lawyer{number}", department="Legal")

        page = ask(client, boss, LEGAL).content.decode()

        assert "7 people" in page
        assert page.count("Lawyer") == 5

    def test_counts_the_lists_of_people_as_they_stand_in_the_form(self, client, boss):
        ada, bob = person("ada", department="Legal"), person("bob")

        added = ask(client, boss, LEGAL, always_included=f'["{bob.pk}"]').content.decode()
        taken = ask(client, boss, LEGAL, always_excluded=f'["{ada.pk}"]').content.decode()

        assert "2 people" in added
        assert "0 people" in taken

    def test_says_what_is_missing(self, client, boss):
        rule = {"all": [{"attribute": "department", "operator": "is_one_of", "value": []}]}

        assert "A value is missing." in ask(client, boss, rule).content.decode()

    def test_finds_a_circle(self, client, boss):
        one = segment("One", LEGAL)
        segment("Two", {"all": [{"operator": "in_segment", "value": "one"}]})

        page = ask(client, boss, {"all": [{"operator": "in_segment", "value": "two"}]}, edited=one).content.decode()

        assert "name each other in a circle" in page

    def test_invites_to_begin(self, client, boss):
        assert "Add a condition" in ask(client, boss, {"all": []}).content.decode()

    @pytest.mark.parametrize("data", [{}, {"rule-items-count": "x"}, {"always_included": "[[1]]"}])
    def test_survives_anything(self, client, boss, data):
        url = reverse("personalize_segments:live") + "?segment=' OR 1=1"

        assert client.post(url, data).status_code == 200

    def test_survives_people_who_do_not_exist(self, client, boss):
        assert ask(client, boss, LEGAL, always_included='["x", "99999999999999999999", -1]').status_code == 200
        assert ask(client, boss, LEGAL, always_included='[1e999, NaN, "\\ud800", "\\u0000"]').status_code == 200

    @pytest.mark.parametrize(
        "condition",
        [
            {"attribute": "level", "operator": "is", "value": "\ud800"},
            {"attribute": "level", "operator": "between", "value": ["\ud800", 1]},
            {"attribute": "department", "operator": "is_one_of", "value": ["\ud800"]},
            {"attribute": "hired", "operator": "in_the_last", "value": 1, "unit": "\ud800"},
            {"attribute": "\ud800", "operator": "is", "value": 1},
            {"attribute": "level", "operator": "\ud800", "value": 1},
            {"attribute": "level", "operator": "is", "value": 1, "\ud800": 1},
            {"operator": "in_segment", "value": "\ud800"},
            {"operator": "in_group", "value": "\ud800"},
            {"operator": "reports_to", "value": "\ud800", "depth": "\ud800"},
        ],
    )
    def test_calls_text_that_nobody_can_write_a_problem(self, client, boss, condition):
        page = ask(client, boss, {"all": [condition]})

        assert page.status_code == 200
        assert page.context["answer"].problems

    def test_is_for_those_who_write_rules_and_by_post_only(self, client, boss):
        assert client.get(reverse("personalize_segments:live")).status_code == 405
        viewer = editor_with("view_segment")
        client.force_login(viewer)

        assert ask(client, viewer, LEGAL).status_code in (302, 403)


class TestWithoutViewMembers:
    def test_sizes_are_rounded_and_nobody_is_named(self, client, editor):
        for number in range(7):
            person(last_name=f"Lawyer{number}", department="Legal")

        page = ask(client, editor, LEGAL).content.decode()

        assert "at least 5 people" in page
        assert "Lawyer" not in page
        assert not LookAt.objects.exists()

    def test_small_groups_are_not_told_from_empty_ones(self, client, editor):
        nobody = ask(client, editor, LEGAL).content.decode()
        person(department="Legal")

        assert ask(client, editor, LEGAL).content.decode() == nobody
        assert "fewer than 5 people" in nobody

    def test_birthdays_and_what_people_say_themselves_are_not_counted(self, client, editor):
        page = ask(client, editor, BIRTHDAY).content.decode()

        assert "asks about birthdays" in page
        assert "people</strong>" not in page

    def test_sizes_are_limited_in_number(self, client, editor, settings):
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "LIVE_SIZES": 2}

        answers = [ask(client, editor, LEGAL).content.decode() for _time in range(3)]

        assert ["fewer than 5" in answer for answer in answers] == [True, True, False]
        assert "Please wait" in answers[2]

    @pytest.mark.parametrize("name", ["1001", "ann"])
    def test_nobody_is_named_to_whom_nobody_reports(self, client, editor, name):
        ann = person("ann", last_name="Lovelace", staff_number="1001")
        rule = {"all": [{"operator": "reports_to", "value": name, "depth": "any"}]}

        before = ask(client, editor, rule).content.decode()
        person(manager=ann.staff)
        after = ask(client, editor, rule).content.decode()

        assert f"Reports to “{name}”" in before
        assert "Reports to “Lovelace”" in after

    def test_pickers_name_nobody_to_whom_nobody_reports(self):
        ann = person("ann", last_name="Lovelace")
        manager = source_named("manager")

        assert manager.labels(["ann", "gone", "\ud800"]) == {"ann": "ann"}
        person(manager=ann.staff)
        assert manager.labels(["ann"]) == {"ann": "Lovelace"}

    def test_the_lists_of_people_count_as_stored(self, client, editor):
        ada = person("ada")
        lawyers = segment("Lawyers", LEGAL)
        lawyers.always_include([ada, *(person() for _number in range(5))])

        page = ask(client, editor, LEGAL, edited=lawyers, always_excluded=f'["{ada.pk}"]').content.decode()

        assert "at least 5 people" in page


def values(client, source, search=""):
    answer = client.get(reverse("personalize_segments:values"), {"source": source, "q": search})
    return [(item["value"], item["label"]) for item in answer.json()["values"]]


class TestValues:
    def test_of_a_choice_are_those_that_occur(self, client, boss):
        person(department="Zürich")
        person(department="IT")

        assert values(client, "attribute.department", "zur") == [("Zürich", "Zürich")]

    def test_of_a_tree_tell_apart_nodes_of_one_name(self, client, boss):
        for code in ("DE", "NL"):
            Unit.objects.create(code=f"{code}-HR", name="HR", parent=Unit.objects.create(code=code, name=code))

        assert values(client, "attribute.unit", "hr") == [("DE-HR", "HR (DE)"), ("NL-HR", "HR (NL)")]

    def test_can_be_segments_groups_and_managers(self, client, boss):
        segment("Lawyers", LEGAL)
        Group.objects.create(name="Shop floor")
        ada = person("ada", last_name="Lovelace", staff_number="N7")
        person("bob", manager=ada.staff)

        assert values(client, "segment") == [("lawyers", "Lawyers")]
        assert ("Shop floor", "Shop floor") in values(client, "group", "shop")
        assert values(client, "manager", "love") == [("N7", "Lovelace")]

    def test_name_colleagues_only_to_those_who_may_see_members(self, client, boss):
        ada = person("ada", last_name="Lovelace")
        assert values(client, "person", "Love") == [(str(ada.pk), "Lovelace")]

        client.force_login(editor_with("change_segment"))
        for source in ("person", "attribute.motto"):
            refused = client.get(reverse("personalize_segments:values"), {"source": source})
            assert refused.status_code in (302, 403)

    def test_name_active_colleagues_whose_name_is_begun_which_is_logged(self, client, boss):
        ada = person("ada", last_name="Lovelace")
        person("gone", last_name="Lovelace", active=False)
        for search in ("", "L", " L "):
            assert values(client, "person", search) == []
        assert not LookAt.objects.exists()

        assert values(client, "person", "Lo") == [(str(ada.pk), "Lovelace")]
        look = LookAt.objects.get()
        assert (look.actor, look.kind, list(look.persons.all())) == (boss, "search", [ada])

    @pytest.mark.parametrize("source", ["", "attribute.gone", "nothing", "attribute."])
    def test_of_an_unknown_source_are_not_found(self, client, boss, source):
        assert client.get(reverse("personalize_segments:values"), {"source": source}).status_code == 404

    def test_survive_an_odd_search(self, client, boss):
        for search in ("\0", "%", "'", "a" * 10_000):
            assert values(client, "attribute.department", search) == []
