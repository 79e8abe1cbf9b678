"""Personas in the admin: the form with its invented people, the card, and who would match a rule."""

import json

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from tests.builders import person, segment
from tests.intranet.models import Office, Skill
from tests.segments.editing import editor_with, rule_data
from wagtail_personalize.people.models import FoldedValue
from wagtail_personalize.segments.models import ExamplePerson, Membership, Persona, Segment
from wagtail_personalize.segments.usage import SegmentInUse

pytestmark = pytest.mark.django_db

LEGAL = {"all": [{"attribute": "department", "operator": "is_one_of", "value": ["Legal"]}]}


def persona(name="New joiner", *examples, **fields):
    """A saved persona; ``examples`` are (name, values)."""
    made = Persona(name=name, **fields)
    made.examples = [ExamplePerson(name=name, values=values) for name, values in examples]
    made.save()
    return made


def form_data(*examples, topics=(), **fields):
    """What a browser sends for the persona form; ``examples`` are (name, what was entered by attribute)."""
    people = [{"name": name, **{f"values-{key}": value for key, value in values.items()}} for name, values in examples]
    empty = dict.fromkeys(("segment", "summary", "needs", "motivation", "channel", "format", "portrait"), "")
    formsets = {"topics": inline_formset(list(topics)), "examples": inline_formset(people)}
    return nested_form_data({"name": "New joiner", **empty, **formsets, **fields})


def add(client, *examples, **fields):
    return client.post(reverse("personalize_personas:add"), form_data(*examples, **fields))


class TestForm:
    def test_asks_for_each_attribute_that_follows_from_no_other(self, client, boss):
        page = client.get(reverse("personalize_personas:add")).content.decode()
        for name in ("department", "level", "hired", "remote", "unit", "office", "skills", "motto"):
            assert f"examples-__prefix__-values-{name}" in page
        assert "examples-__prefix__-values-city" not in page

    def test_saves_what_was_entered_as_rules_write_it(self, client, boss):
        Office.objects.create(code="MUC", city="München")
        Skill.objects.create(name="Python")
        entered = {
            "department": json.dumps(["Legal"]),
            "level": "3",
            "hired": "2026-05-01",
            "birthday_0": "29",
            "birthday_1": "2",
            "remote": "false",
            "office": json.dumps(["MUC"]),
            "skills": json.dumps(["Python"]),
            "motto": " Onwards ",
            "job_title": "",
        }
        answer = add(client, ("Nina Example", entered), summary="I am new here.", channel="app")

        assert answer.status_code == 302
        assert ExamplePerson.objects.get().values == {
            "department": "Legal",
            "level": 3,
            "hired": "2026-05-01",
            "birthday": "2000-02-29",
            "remote": False,
            "office": "MUC",
            "skills": ["Python"],
            "motto": "Onwards",
        }

    def test_shows_again_what_was_saved(self, client, boss):
        made = persona("New joiner", ("Nina", {"department": "Legal", "level": 3, "remote": True}))
        page = client.get(reverse("personalize_personas:edit", args=[made.pk])).content.decode()
        assert "&quot;Legal&quot;" in page
        assert 'name="examples-0-values-level" value="3"' in page
        assert '<option value="true" selected>' in page

    @pytest.mark.parametrize(
        ("entered", "sentence"),
        [
            ({"level": "2.5"}, "Level: Nobody can have this number."),
            ({"level": "many"}, "Level: Enter a number."),
            ({"hired": "soon"}, "Hire date: Enter a valid date."),
            ({"office": '["gone"]'}, "Office: “gone” does not exist."),
            ({"skills": '["gone"]'}, "Skills: “gone” does not exist."),
            ({"birthday_0": "31", "birthday_1": "2"}, "Birthday: That month does not have so many days."),
        ],
    )
    def test_refuses_in_a_sentence_what_nobody_could_have(self, client, boss, entered, sentence):
        answer = add(client, ("Nina", entered))
        assert answer.status_code == 200
        assert sentence in answer.content.decode()
        assert not Persona.objects.exists()

    def test_makes_nobody_and_remembers_no_text(self, client, boss):
        segment("Legal")
        before = get_user_model().objects.count()
        add(client, ("Nina", {"department": '["Legal"]'}))
        assert get_user_model().objects.count() == before
        assert not Membership.objects.exists()
        assert not FoldedValue.objects.filter(value="Legal").exists()

    def test_is_for_those_with_the_permission(self, client):
        client.force_login(editor_with("view_persona"))
        assert add(client).status_code == 302
        assert not Persona.objects.exists()
        client.force_login(editor_with("add_persona"))
        add(client)
        assert Persona.objects.count() == 1


class TestValues:
    @pytest.mark.parametrize("values", [[], "x", 1, {"gone": 1}, {"department": 1}, {"city": "Bern"}, {"hired": "x"}])
    def test_that_nobody_could_have_are_refused(self, values):
        with pytest.raises(ValidationError):
            ExamplePerson(name="x", values=values).clean()


class TestSuggestions:
    def ask(self, client, source, q=""):
        return client.get(reverse("personalize_personas:values"), {"source": source, "q": q})

    def test_are_real_values(self, client):
        person(department="Legal", motto="Carpe diem")
        Skill.objects.create(name="Cooking")
        client.force_login(editor_with("add_persona"))
        assert self.ask(client, "attribute.department", "leg").json()["values"] == [
            {"value": "Legal", "label": "Legal"}
        ]
        assert self.ask(client, "attribute.skills").json()["values"] == [{"value": "Cooking", "label": "Cooking"}]

    def test_never_tell_what_people_say_of_themselves(self, client):
        person(department="Legal", motto="Carpe diem")
        client.force_login(editor_with("add_persona"))
        assert self.ask(client, "attribute.motto").json()["values"] == []
        client.force_login(editor_with("add_persona", "view_members"))
        assert len(self.ask(client, "attribute.motto").json()["values"]) == 1

    @pytest.mark.parametrize("source", ["person", "manager", "segment", "attribute.gone", ""])
    def test_of_anything_else_are_not_found(self, client, boss, source):
        assert self.ask(client, source).status_code == 404

    def test_are_for_those_who_write_personas(self, client):
        client.force_login(editor_with("view_persona"))
        assert self.ask(client, "attribute.department").status_code in (302, 403)


class TestListing:
    def test_needs_as_many_queries_for_many_personas(self, client, boss, django_assert_max_num_queries):
        url = reverse("personalize_personas:index")
        for number in range(8):
            persona(f"P{number}", ("A", {}), ("B", {}), segment=segment(f"S{number}"))
        client.get(url)
        with django_assert_max_num_queries(11):
            page = client.get(url).content.decode()
        assert "S7" in page


class TestCard:
    def card(self, client, made):
        return client.get(reverse("personalize_personas:inspect", args=[made.pk])).content.decode()

    def test_says_all_there_is(self, client, boss):
        Office.objects.create(code="MUC", city="München")
        nina = ("Nina", {"department": "Legal", "office": "MUC", "remote": True, "hired": "2026-05-01"})
        made = persona("New joiner", nina, segment=segment("Legal"), needs="A map\n- A mentor", channel="app")
        made.topics.create(topic="Payroll", knowledge=1, frequency="monthly")
        made.save()
        page = self.card(client, made)
        for words in ("A map", "<li>A mentor</li>", "App on the phone", "Payroll", "New to it", "every month"):
            assert words in page
        assert "Department: Legal · Hire date: May 1, 2026 · Works remotely: yes · Office: München" in page
        assert "would not be in the segment" not in page

    def test_warns_of_an_example_that_is_none(self, client, boss):
        assert "would not be in the segment" in self.card(
            client, persona("A", ("Nina", {"department": "IT"}), segment=segment("Legal"))
        )
        reports = segment("Reports", {"all": [{"operator": "in_group", "value": "gone"}]})
        assert "would not be in the segment" in self.card(client, persona("B", ("Nina", {}), segment=reports))

    def test_survives_its_segment(self, client, boss):
        legal = segment("Legal")
        made = persona("New joiner", ("Nina", {}), segment=legal)
        Persona.objects.update(segment=None)
        legal.delete()
        assert "New joiner" in self.card(client, made)


class TestWhoWouldMatch:
    def ask(self, client, editor, rule, edited=None):
        url = reverse("personalize_personas:matching") + (f"?segment={edited.pk}" if edited else "")
        return client.post(url, rule_data(editor, rule))

    def answers(self, client, editor, rule, edited=None):
        lines = self.ask(client, editor, rule, edited).context["lines"]
        return [(line.person.name, line.answer) for line in lines]

    def test_tries_everybody_who_was_invented(self, client, boss):
        persona("A", ("Nina", {"department": "LEGAL"}), ("Otto", {"department": "IT"}))
        assert self.answers(client, boss, LEGAL) == [("Nina", True), ("Otto", False)]
        reports = {"all": [{"operator": "reports_to", "value": boss.username, "depth": "any"}]}
        assert self.answers(client, boss, reports) == [("Nina", None), ("Otto", None)]

    def test_shows_marks_with_words(self, client, boss):
        persona("A", ("Nina", {"department": "Legal"}))
        page = self.ask(client, boss, LEGAL).content.decode()
        assert "✓" in page
        assert "Matches:" in page

    def test_puts_the_personas_of_the_segment_first(self, client, boss):
        legal = segment("Legal")
        persona("A", ("Otto", {}))
        persona("B", ("Nina", {"department": "Legal"}), segment=legal)
        assert self.answers(client, boss, LEGAL, legal) == [("Nina", True), ("Otto", False)]
        assert "persona of this segment" in self.ask(client, boss, LEGAL, legal).content.decode()

    def test_waits_for_a_complete_rule(self, client, boss):
        persona("A", ("Nina", {"department": "Legal"}))
        rule = {"all": [{"attribute": "department", "operator": "is_one_of", "value": []}]}
        assert self.answers(client, boss, rule) == [("Nina", None)]
        assert "as soon as the rule is complete" in self.ask(client, boss, rule).content.decode()

    def test_asks_the_database_as_often_for_many_people(self, client, boss):
        def queries():
            with CaptureQueriesContext(connection) as counted:
                self.ask(client, boss, LEGAL)
            return len(counted)

        persona("A", ("Nina", {"department": "Legal"}))
        queries()
        once = queries()
        persona("B", *((f"N{number}", {"department": "Legal"}) for number in range(20)))
        assert queries() == once

    def test_says_that_nobody_was_invented(self, client, boss):
        assert "Nobody has been invented yet" in self.ask(client, boss, LEGAL).content.decode()

    def test_stands_beside_the_rule(self, client, boss):
        page = client.get(reverse("personalize_segments:add")).content.decode()
        assert reverse("personalize_personas:matching") in page

    def test_is_for_those_who_write_rules(self, client):
        client.force_login(editor := editor_with("view_segment"))
        assert self.ask(client, editor, LEGAL).status_code in (302, 403)


class TestSegmentOfAPersona:
    """A persona without its segment describes nobody, so the segment stays as long as the persona points to it."""

    @pytest.fixture
    def described(self):
        fresh = segment("Fresh")
        persona("Ada", segment=fresh)
        return fresh

    def test_cannot_be_deleted_and_the_message_names_the_persona(self, described):
        with pytest.raises(SegmentInUse, match="Remove it first from: Persona: Ada"):
            described.delete()
        with pytest.raises(SegmentInUse):
            Segment.objects.filter(pk=described.pk).delete()
        Persona.objects.update(segment=None)
        described.delete()

    def test_says_so_in_the_admin_with_a_way_there(self, client, boss, described):
        edit = reverse("personalize_personas:edit", args=[Persona.objects.get().pk])
        for name in ("delete", "inspect"):
            page = client.get(reverse(f"personalize_segments:{name}", args=[described.pk])).content.decode()
            assert "Persona" in page
            assert f'href="{edit}"' in page
        client.post(reverse("personalize_segments:delete", args=[described.pk]))
        assert Segment.objects.filter(pk=described.pk).exists()

    def test_may_become_a_draft(self, client, boss, described):
        page = reverse("personalize_segments:unpublish", args=[described.pk])
        assert "in use" not in client.get(page).content.decode()
        client.post(page)
        described.refresh_from_db()
        assert not described.live
