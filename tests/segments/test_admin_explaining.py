"""The page on which an editor asks why somebody is in a segment."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.builders import person, segment
from tests.segments.editing import editor_with
from wagtail_personalize.people.origins.writing import set_by
from wagtail_personalize.privacy.models import LookAt

pytestmark = pytest.mark.django_db

RULE = {
    "all": [
        {"attribute": "department", "operator": "is", "value": "IT"},
        {"attribute": "motto", "operator": "contains", "value": "go"},
    ]
}


@pytest.fixture
def seer(client):
    """May see segments and their members, but write no rules."""
    someone = editor_with("view_segment", "view_members")
    client.force_login(someone)
    return someone


@pytest.fixture
def heads():
    return segment("Heads", RULE)


def asked(client, segment, *people):
    keys = ", ".join(f'"{one.pk}"' for one in people)
    query = {"person": f"[{keys}]"} if people else {}
    return client.get(reverse("personalize_segments:explain", args=[segment.pk]), query)


class TestAsking:
    def test_begins_with_a_picker_and_shows_nobody(self, client, seer, heads):
        page = asked(client, heads).content.decode()
        assert 'data-personalize-picker-source-value="person"' in page
        assert "Choose a person" in page
        assert not LookAt.objects.exists()

    def test_finds_people_by_name_with_the_permission_alone(self, client, seer):
        person("anna", first_name="Anna")
        url = reverse("personalize_segments:values")
        assert client.get(url, {"source": "person", "q": "ann"}).json()["values"]
        assert client.get(url, {"source": "attribute.motto", "q": ""}).status_code == 302
        assert client.get(url, {"source": "nothing", "q": ""}).status_code == 302

    @pytest.mark.parametrize("value", ["", "[]", "nonsense", '["999999"]', '["x"]', "[[]]", '[{"a": 1}]', "7"])
    def test_survives_any_answer(self, client, seer, heads, value):
        answer = client.get(reverse("personalize_segments:explain", args=[heads.pk]), {"person": value})
        assert answer.status_code == 200
        assert not LookAt.objects.exists()

    def test_of_a_segment_that_is_not_there_is_a_missing_page(self, client, seer):
        assert client.get(reverse("personalize_segments:explain", args=[999_999])).status_code == 404


class TestAnswer:
    def test_shows_each_condition_with_the_value_and_its_source(self, client, seer, heads):
        anna = person("anna", first_name="Anna", last_name="Ek", department="IT")
        with set_by("self"):
            anna.staff.motto = "Stay"
            anna.staff.save()
        page = asked(client, heads, anna).content.decode()
        assert "Anna Ek is not in this segment." in page
        assert "Department is IT" in page
        assert "<strong>Stay</strong>" in page
        assert "the person, on " in page
        assert page.count('<span aria-hidden="true">✓</span> yes') == 1
        assert page.count('<span aria-hidden="true">✗</span> no') == 2

    def test_says_since_when(self, client, seer):
        page = asked(client, segment("IT"), person("anna", department="IT")).content.decode()
        assert "anna is in this segment." in page
        assert "Since:" in page

    def test_says_what_is_broken(self, client, seer):
        page = asked(client, segment("IT", live=False), person("anna", department="IT")).content.decode()
        assert "anna is not in this segment." in page
        assert "is a draft" in page

    def test_is_logged_as_a_look_at_this_person(self, client, seer, heads):
        anna = person("anna")
        asked(client, heads, anna)
        look = LookAt.objects.get()
        assert (look.actor, look.subject, list(look.persons.all())) == (
            seer,
            "Why in the segment “Heads” or not",
            [anna],
        )

    def test_takes_the_same_queries_for_one_condition_and_for_many(self, client, seer):
        anna = person("anna", department="IT")
        many = [{"attribute": "department", "operator": "is", "value": f"D{number}"} for number in range(45)]
        few, many = segment("Few", {"any": many[:1]}), segment("Many", {"any": many})
        counts = []
        for each in (few, few, many):
            with CaptureQueriesContext(connection) as captured:
                asked(client, each, anna)
            counts.append(len(captured))
        assert counts[1] == counts[2]


class TestPermission:
    def test_needs_the_permission_to_see_members(self, client, heads):
        client.force_login(editor_with("add_segment", "change_segment", "view_segment"))
        assert asked(client, heads, person()).status_code == 302
        assert not LookAt.objects.exists()

    def test_needs_a_permission_for_segments(self, client, heads):
        client.force_login(editor_with("view_members"))
        assert asked(client, heads, person()).status_code == 302

    def test_needs_somebody_signed_in(self, client, heads):
        assert "login" in asked(client, heads).url
