"""Previews as saved personas, invented people and visitors, and how a preview says for whom it is."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from tests.builders import page, person, segment, undo
from tests.segments.test_personas import persona
from tests.targeting.previewing import FOR_ALL, ONLY_SOME, mode, preview, targeted
from wagtail_personalize.segments.models import ExamplePerson, Persona
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.preview import WithModes
from wagtail_personalize.targeting.preview_viewers import split_mode
from wagtail_personalize.targeting.userbar import PreviewedAs, say_whom

pytestmark = pytest.mark.django_db

REPORTS = {"all": [{"operator": "reports_to", "value": "ann"}]}


@pytest.fixture
def boss(client):
    someone = get_user_model().objects.create_superuser("boss", "", "x")
    client.force_login(someone)
    return someone


@pytest.fixture
def it():
    person("ann", department="IT")
    return segment("IT")


def shown(client, target, whom):
    answer = preview(client, target, whom)
    assert answer.status_code == 200
    return answer.content.decode()


class TestModes:
    def groups(self, obj):
        return {group.heading: [str(label) for _name, label in group.modes] for group in WithModes(obj).mode_groups}

    def test_offer_each_invented_person_and_personas_that_have_none(self, it):
        persona("New joiner", ("Nina", {}), ("Otto", {}), segment=it)
        persona("Developer", segment=it)
        persona("Without anything")
        assert self.groups(page("Plain")) == {
            "": ["As everyone", "As somebody not signed in"],
            "Personas": ["As Developer", "As Nina (New joiner)", "As Otto (New joiner)"],
        }

    def test_stand_in_groups_in_the_panel(self, client, boss, it):
        persona("New joiner", ("Nina", {}))
        body = client.get(reverse("wagtailadmin_pages:edit", args=[targeted(it).pk])).content.decode()
        assert '<optgroup label="Personas">' in body
        assert "As Nina (New joiner)" in body

    def test_cost_as_much_for_many_personas(self, it, django_assert_num_queries):
        target = page("Plain")

        def modes():
            return WithModes(target).preview_modes

        persona("P", ("A", {}))
        with django_assert_num_queries(5):
            modes()
        for number in range(5):
            persona(f"P{number}", ("A", {}), ("B", {}), segment=it)
        with django_assert_num_queries(5):
            assert len(modes()) == 13


class TestInventedPerson:
    def example(self, **values):
        return persona("New joiner", ("Nina", values)).examples.get()

    def test_sees_what_people_with_such_values_see(self, client, boss, it):
        assert ONLY_SOME in shown(client, targeted(it), mode("example", self.example(department="it").pk))

    def test_does_not_see_the_rest(self, client, boss, it):
        assert ONLY_SOME not in shown(client, targeted(it), mode("example", self.example(department="HR").pk))

    def test_is_in_no_segment_of_which_it_cannot_be_said(self, client, boss, it):
        reports = segment("Reports", REPORTS)
        assert ONLY_SOME not in shown(client, targeted(reports), mode("example", self.example().pk))

    def test_sees_what_everyone_sees_in_a_draft_segment(self, client, boss, it):
        target = targeted(it)
        undo(it)
        assert ONLY_SOME not in shown(client, target, mode("example", self.example(department="IT").pk))


class TestPersona:
    def test_is_in_its_segment(self, client, boss, it):
        assert ONLY_SOME in shown(client, targeted(it), mode("persona", persona(segment=it).pk))

    def test_without_a_segment_is_in_none(self, client, boss, it):
        assert ONLY_SOME not in shown(client, targeted(it), mode("persona", persona().pk))

    def test_that_is_gone_shows_what_everyone_sees(self, client, boss, it):
        nina = persona("New joiner", ("Nina", {"department": "IT"}), segment=it)
        wanted = [mode("persona", nina.pk), mode("example", nina.examples.get().pk)]
        nina.delete()
        target = targeted(it)
        for whom in wanted:
            assert ONLY_SOME not in shown(client, target, whom)

    @pytest.mark.parametrize(
        "whom",
        [
            "persona:",
            "persona:x",
            "persona:-1",
            "example:" + "9" * 60,
            "persona:" + "1" * 5000,
            "persona:" + "0" * 20 + "9" * 40,
            "segment:x",
            "example:\u0662",
            "boss",
            ":",
            "x:1",
        ],
    )
    def test_of_a_forged_name_shows_what_everyone_sees(self, client, boss, it, whom):
        persona("New joiner", ("Nina", {"department": "IT"}), segment=it)
        page_shown = shown(client, targeted(it), f"|as:{whom}")
        assert FOR_ALL in page_shown
        assert ONLY_SOME not in page_shown


class TestAnonymous:
    def test_sees_what_visitors_see(self, client, boss, it):
        page_shown = shown(client, targeted(it), mode("anonymous"))
        assert FOR_ALL in page_shown
        assert ONLY_SOME not in page_shown

    def test_is_anonymous(self, boss):
        _own, viewer = split_mode("|as:anonymous", None, boss)
        assert viewer.is_anonymous
        assert viewer.is_preview
        assert viewer.previewer.user == boss


class TestOwnModes:
    def test_of_the_page_stay_what_they_are(self, boss, it):
        assert split_mode("landing", None, boss)[0] == "landing"
        assert split_mode(f"landing|as:segment:{it.uuid}", None, boss)[0] == "landing"


class TestUserbar:
    def items(self, **attributes):
        request = type("Request", (), {"viewer": Viewer.in_segments(()), "is_preview": True, **attributes})()
        say_whom(request, found := [], None)
        return found

    def test_says_as_whom_one_looks(self, it):
        nina = persona("New joiner", ("Nina", {})).examples.get()
        _own, viewer = split_mode(mode("example", nina.pk), None, None)
        (item,) = self.items(viewer=viewer)
        assert isinstance(item, PreviewedAs)
        assert "Preview as: Nina (New joiner)" in item.render_html({})

    def test_says_nothing_on_ordinary_pages_or_where_the_list_says_it(self):
        assert self.items(is_preview=False) == []
        assert self.items(in_preview_panel=True) == []


def test_a_preview_invents_nobody(client, boss, it):
    nina = persona("New joiner", ("Nina", {"department": "IT"})).examples.get()
    before = get_user_model().objects.count()
    shown(client, targeted(it), mode("example", nina.pk))
    assert get_user_model().objects.count() == before
    assert (Persona.objects.count(), ExamplePerson.objects.count()) == (1, 1)
