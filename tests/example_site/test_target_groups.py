"""The personas of the demonstration: their example people, their cards, and previews with their eyes."""

import pytest
from django.urls import reverse

from example_site.home.models import StartPage
from wagtail_personalize.segments.models import ExamplePerson, Persona
from wagtail_personalize.segments.personas.admin.card import answers_of

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of a new rendition to the garbage collector.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.SpooledTemporaryFile:ResourceWarning"),
]


class TestPersonas:
    def test_have_example_people_who_would_be_in_their_segment(self):
        personas = list(Persona.objects.all())
        assert len(personas) == 4
        for persona in personas:
            assert persona.portrait is not None
            assert answers_of(persona.segment, list(persona.examples.all())) == [True] * persona.examples.count()

    def test_are_cards_for_editors(self, visit):
        for persona in Persona.objects.all():
            card = visit("editor", reverse("personalize_personas:inspect", args=[persona.pk]))
            assert persona.summary in card.content.decode()

    def test_are_not_for_everybody(self, visit):
        assert visit("head", reverse("personalize_personas:index")).status_code in (302, 403)


class TestPreview:
    @pytest.mark.parametrize(
        ("name", "notice"), [("Nina Anfang", "Your welcome day"), ("Daria Nacht", "Night premium")]
    )
    def test_shows_the_start_page_with_the_eyes_of_an_invented_person(self, visit, name, notice):
        example = ExamplePerson.objects.get(name=name)
        draft = reverse("wagtailadmin_pages:view_draft", args=[StartPage.objects.get(slug="intranet").pk])
        page = visit("editor", f"{draft}?mode=%7Cas:example:{example.pk}").content.decode()
        assert notice in page
        assert f"Preview as: <strong>{name} (" in page
