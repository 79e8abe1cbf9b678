import pytest
from django.urls import reverse

from tests.builders import person, user
from tests.intranet.models import Office, Skill, Unit
from tests.intranet.people import StaffProfile
from wagtail_personalize.people.declaration import get_declaration

pytestmark = pytest.mark.django_db


class DirectoryProfile(StaffProfile):
    directory = ["department", "unit", "office", "city", "skills", "remote"]


@pytest.fixture(autouse=True)
def declaration(settings):
    settings.WAGTAIL_PERSONALIZE = {"PROFILE": f"{__name__}.DirectoryProfile"}


@pytest.fixture
def me(client):
    someone = person("me", last_name="Me", department="Board")
    client.force_login(someone)
    return someone


def found(client, **query):
    response = client.get(reverse("wagtail_personalize:directory"), query)
    assert response.status_code == 200
    return [card.user.username for card in response.context["cards"]]


def options(client, name):
    response = client.get(reverse("wagtail_personalize:directory"))
    return [label for value, label in response.context["form"].fields[name].choices if value]


class TestDirectory:
    def test_asks_visitors_to_sign_in(self, client):
        response = client.get(reverse("wagtail_personalize:directory"))
        assert response.status_code == 302
        assert response.url.startswith("/login/")

    def test_lists_only_active_people_with_a_profile_by_last_name(self, client, me):
        person("anna", last_name="Weber")
        person("berta", last_name="Adler")
        person("left", active=False)
        user("without")
        assert found(client) == ["berta", "me", "anna"]

    def test_is_there_for_a_user_without_a_profile(self, client):
        client.force_login(user())
        assert found(client) == []

    def test_is_missing_without_a_declaration(self, client, me, settings):
        settings.WAGTAIL_PERSONALIZE = {}
        assert client.get(reverse("wagtail_personalize:directory")).status_code == 404

    @pytest.mark.parametrize("text", ["MÜLLER", "muller", "josé", "  JOSE  mull"])
    def test_finds_names_with_case_and_accents_folded(self, client, me, text):
        person("jose", first_name="José", last_name="Müller")
        person("other", last_name="Meier")
        assert found(client, q=text) == ["jose"]

    def test_finds_visible_texts(self, client, me):
        person("anna", job_title="Brückenbauerin")
        assert found(client, q="bruckenbau") == ["anna"]

    def test_never_finds_by_what_colleagues_may_not_see(self, client, me, monkeypatch):
        hidden = [a if a.name != "motto" else type(a)("motto", "Motto", visible=False) for a in StaffProfile.attributes]
        monkeypatch.setattr(DirectoryProfile, "attributes", hidden)
        get_declaration().__dict__.clear()
        person("anna", motto="Carpe diem")
        assert found(client, q="carpe") == []

    @pytest.mark.parametrize(
        "text", ["\x00", "%", "_", "' OR 1=1 --", "<script>alert(1)</script>", "x" * 5000, "\ud7ff"]
    )
    def test_survives_strange_words(self, client, me, text):
        response = client.get(reverse("wagtail_personalize:directory"), {"q": text})
        assert response.status_code == 200
        assert b"<script>alert" not in response.content
        assert response.context["cards"] == []

    @pytest.mark.parametrize("page", ["0", "99", "x", "-1"])
    def test_survives_strange_pages(self, client, me, page):
        assert found(client, page=page) == ["me"]

    def test_is_paginated_and_keeps_the_filters_in_its_links(self, client, me):
        for n in range(30):
            person(last_name=f"Weber{n:02}", department="R&D")
        response = client.get(reverse("wagtail_personalize:directory"), {"department": "r&d", "page": 1})
        assert len(response.context["cards"]) == 24
        assert 'href="?department=r%26d&amp;page=2"' in response.content.decode()

    def test_asks_the_same_number_of_queries_for_5_and_for_50_people(self, client, me, django_assert_num_queries):
        units = [Unit.objects.create(code=f"u{n}", name=f"Unit {n}") for n in range(3)]
        offices = [Office.objects.create(code=f"o{n}", city=f"City {n}") for n in range(3)]

        def hire(number):
            for n in range(number):
                person(unit=units[n % 3], office=offices[n % 3], skills=["Chess", f"Skill {n % 7}"], department="IT")

        hire(5)
        found(client)
        with django_assert_num_queries(11):
            found(client)
        hire(45)
        with django_assert_num_queries(11):
            assert len(found(client)) == 24


class TestFacets:
    def test_offer_only_what_active_people_have(self, client, me):
        munich = Office.objects.create(code="muc", city="Munich")
        lost = Office.objects.create(code="x", city="Atlantis")
        person(office=munich, department="it", skills=["Chess"])
        person(department="IT")
        person(office=lost, active=False)
        Skill.objects.create(name="Yodelling")
        assert options(client, "office") == ["Munich"]
        assert options(client, "city") == ["Munich"]
        assert options(client, "department") == ["Board", "it"]
        assert options(client, "skills") == ["Chess"]
        assert options(client, "remote") == ["Yes", "No"]

    def test_narrow_to_a_value(self, client, me):
        munich = Office.objects.create(code="muc", city="Munich")
        person("anna", office=munich, department="IT", skills=["Chess", "Go"], remote=True)
        person("berta", department="it", remote=False)
        assert found(client, office="muc") == ["anna"]
        assert found(client, city="munich") == ["anna"]
        assert sorted(found(client, department="it")) == ["anna", "berta"]
        assert found(client, skills="Go") == ["anna"]
        assert found(client, remote="false") == ["berta"]
        assert found(client, department="it", skills="Chess") == ["anna"]

    def test_of_a_tree_includes_everything_below(self, client, me):
        company = Unit.objects.create(code="c", name="Company")
        sales = Unit.objects.create(code="s", name="Sales", parent=company)
        shop = Unit.objects.create(code="sh", name="Shop", parent=sales)
        Unit.objects.create(code="e", name="Empty", parent=company)
        person("anna", unit=shop)
        person("berta", unit=company)
        assert options(client, "unit") == ["Company", "– Sales", "– – Shop"]
        assert found(client, unit="s") == ["anna"]
        assert sorted(found(client, unit="c")) == ["anna", "berta"]

    def test_with_an_unknown_value_find_nobody_and_say_so(self, client, me):
        person(office=Office.objects.create(code="muc", city="Munich"))
        response = client.get(reverse("wagtail_personalize:directory"), {"office": "gone"})
        assert response.context["cards"] == []
        assert "Select a valid choice" in response.content.decode()

    def test_without_anything_to_choose_are_left_out(self, client, me):
        assert list(client.get(reverse("wagtail_personalize:directory")).context["form"].fields) == [
            "q",
            "department",
            "remote",
        ]

    def test_show_values_escaped(self, client, me):
        person(department="<b>Board</b>")
        assert b"<b>Board</b>" not in client.get(reverse("wagtail_personalize:directory")).content
