"""A hashtag has a name in each language, and is one hashtag all the same."""

import pytest
from django.urls import reverse
from django.utils import translation

from tests.builders import person
from tests.streams.test_hashtag_admin import superuser
from tests.streams.test_hashtag_page import signed_in, tagged
from wagtail_personalize.search.finding.facets import Facets
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.hashtag_stream import hashtag_for, uses_of
from wagtail_personalize.streams.models import Hashtag
from wagtail_personalize.streams.sources.kinds import kind_called
from wagtail_personalize.streams.suggesting import suggestions

pytestmark = pytest.mark.django_db


@pytest.fixture
def safety():
    tagged("Ears #safety")
    return Hashtag.objects.get(key="safety")


@pytest.fixture
def viewer():
    return Viewer.for_person(person())


def name(hashtag, **labels):
    hashtag.labels = labels
    hashtag.save()


def form_of(hashtag, **more):
    address = reverse("personalize_hashtags:edit", args=[hashtag.pk])
    return superuser().post(address, {"label": hashtag.label, "synonym_of": "", **more})


class TestLabel:
    def test_is_that_of_the_language_that_is_shown(self, safety):
        name(safety, de="Sicherheit")
        for language, expected in (
            ("de", "#Sicherheit"),
            ("de-at", "#Sicherheit"),
            ("nl", "#safety"),
            ("en", "#safety"),
        ):
            with translation.override(language):
                assert str(safety) == expected

    def test_as_a_word_in_a_text_means_the_same_hashtag(self, safety, viewer):
        name(safety, de="Sicherheit")
        tagged("Ohren #sicherheit")
        assert uses_of(safety, viewer).count() == 2
        assert hashtag_for("Sicherheit", viewer) == safety

    def test_stands_on_the_page_of_the_hashtag(self, safety):
        name(safety, de="Sicherheit")
        client = signed_in(person())
        with translation.override("de"):
            shown = client.get(reverse("wagtail_personalize:hashtag", args=["safety"])).content.decode()
        assert "#Sicherheit" in shown

    def test_names_the_source_to_follow_and_the_facet_of_search(self, safety, viewer):
        name(safety, nl="veiligheid")
        with translation.override("nl"):
            assert kind_called("hashtag").found([str(safety.pk)], viewer)[str(safety.pk)].label == "#veiligheid"
            assert Facets([], viewer)._hashtag_labels([safety.pk]) == {safety.pk: "#veiligheid"}

    def test_may_be_taken_back_and_the_word_goes_on_meaning_the_same(self, safety, viewer):
        name(safety, de="Sicherheit")
        name(safety)
        assert hashtag_for("sicherheit", viewer) == safety


class TestCompleting:
    def test_finds_it_by_its_name_in_any_language(self, safety, viewer):
        name(safety, de="Arbeitssicherheit")
        assert suggestions("arb", viewer) == [safety]
        assert suggestions("saf", viewer) == [safety]

    def test_writes_it_in_the_language_that_is_shown(self, safety):
        name(safety, de="Sicherheit")
        client = signed_in(person())
        with translation.override("de"):
            found = client.get(reverse("wagtail_personalize:suggest_hashtags"), {"q": "saf"}).json()["hashtags"]
        assert [one["label"] for one in found] == ["Sicherheit"]

    def test_tells_nothing_of_what_does_not_exist_for_me(self, viewer):
        name(Hashtag.objects.create(label="secret"), de="geheim")
        assert suggestions("geh", viewer) == []


class TestForm:
    def test_asks_for_each_language(self, safety):
        assert form_of(safety, label_de="Sicherheit", label_nl="#veiligheid").status_code == 302
        safety.refresh_from_db()
        assert safety.labels == {"de": "Sicherheit", "nl": "veiligheid"}
        assert set(safety.synonyms.values_list("key", flat=True)) == {"sicherheit", "veiligheid"}

    @pytest.mark.parametrize("typed", ["two words", "123", "<b>x</b>"])
    def test_refuses_what_is_no_hashtag_and_keeps_the_rest(self, safety, typed):
        response = form_of(safety, label_de=typed, label_nl="veiligheid")
        assert response.status_code == 200
        assert "at least one letter" in response.content.decode()
        assert 'value="veiligheid"' in response.content.decode()

    def test_refuses_a_word_that_is_another_hashtag(self, safety):
        tagged("#Sicherheit")
        assert "another hashtag" in form_of(safety, label_de="Sicherheit").content.decode()

    def test_asks_for_nothing_on_a_site_with_one_language(self, safety, settings):
        settings.WAGTAIL_I18N_ENABLED = False
        address = reverse("personalize_hashtags:edit", args=[safety.pk])
        assert "label_de" not in superuser().get(address).content.decode()
