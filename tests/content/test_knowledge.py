"""One text in two depths: the reader's choice is remembered, and what they begin with follows from who they are."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.search.backends import get_search_backend

from tests.builders import block, person, segment
from tests.portal.models import PortalPage
from wagtail_personalize.privacy.recorded import sections
from wagtail_personalize.segments.models import Persona, PersonaTopic
from wagtail_personalize.targeting.content.models import KnowledgeChoice, KnowledgeTopic

from .builders import client_of, html, meant_for, more_segments, portal, queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic():
    return KnowledgeTopic.objects.create(name="Heat pumps", slug="heat-pumps")


@pytest.fixture
def url(topic):
    return portal(depth()).url


@pytest.fixture
def colleague():
    return person(department="IT")


def depth(slug="heat-pumps"):
    return block(
        "depth", {"topic": slug, "beginner": "<p>A warm box</p>", "advanced": "<p>A reversed Carnot cycle</p>"}
    )


def choose(client, level="advanced", slug="heat-pumps", **data):
    return client.post(reverse("wagtail_personalize:choose_depth", args=[slug]), {"level": level, **data})


def reads(url, someone=None, client=None):
    told = client.get(url).content.decode() if client else html(url, someone)
    assert ("warm box" in told) != ("Carnot" in told)
    return "advanced" if "Carnot" in told else "beginner"


class TestDepth:
    def test_begins_simply(self, url, colleague):
        assert reads(url, colleague) == reads(url) == "beginner"

    def test_begins_with_the_advanced_text_for_the_segments_of_the_topic(self, url, topic, colleague):
        topic.advanced = meant_for(segment("IT"))
        topic.save()
        assert reads(url, colleague) == "advanced"
        assert reads(url, person()) == "beginner"

    def test_begins_with_the_advanced_text_where_the_persona_knows_the_topic(self, url, colleague):
        persona = Persona.objects.create(name="Ida", segment=segment("IT"))
        known = PersonaTopic.objects.create(persona=persona, topic="HEAT PUMPS", knowledge=4)
        assert reads(url, colleague) == "advanced"
        known.knowledge = 1
        known.save()
        assert reads(url, colleague) == "beginner"

    def test_makes_the_answer_private(self, url):
        assert "private" in client_of().get(url)["Cache-Control"]

    def test_of_a_topic_that_is_gone_is_for_beginners_and_without_a_button(self, url, topic):
        topic.delete()
        assert reads(url) == "beginner"
        assert "<form" not in html(url)


class TestChoice:
    def test_is_remembered_for_the_person(self, url, colleague):
        client = client_of(colleague)
        answer = choose(client, next=f"{url}#depth-heat-pumps")
        assert (answer.status_code, answer.url) == (302, f"{url}#depth-heat-pumps")
        assert reads(url, colleague) == "advanced"
        choose(client, "beginner")
        assert reads(url, colleague) == "beginner"
        assert KnowledgeChoice.objects.count() == 1

    def test_beats_what_follows_from_the_segments(self, url, topic, colleague):
        topic.advanced = meant_for(segment("IT"))
        topic.save()
        choose(client_of(colleague), "beginner")
        assert reads(url, colleague) == "beginner"

    def test_is_remembered_for_a_visitor_in_the_browser(self, url):
        client = Client()
        choose(client)
        assert reads(url, client=client) == "advanced"
        assert reads(url) == "beginner"
        assert not KnowledgeChoice.objects.exists()

    def test_survives_a_cookie_with_nonsense(self, url):
        client = Client()
        for nonsense in ("x", "heat-pumps:root", ":::", "a:b" * 3000):
            client.cookies["personalize_depth"] = nonsense
            assert reads(url, client=client) == "beginner"

    def test_holds_for_one_topic_only(self, url, topic, colleague):
        KnowledgeTopic.objects.create(name="Other", slug="other")
        choose(client_of(colleague), slug="other")
        assert reads(url, colleague) == "beginner"

    def test_takes_a_post_with_a_token(self, topic, colleague):
        address = reverse("wagtail_personalize:choose_depth", args=["heat-pumps"])
        assert client_of(colleague).get(address).status_code == 405
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(colleague)
        assert strict.post(address, {"level": "advanced"}).status_code == 403

    def test_is_one_of_two(self, topic, colleague):
        assert choose(client_of(colleague), "root").status_code == 404
        assert choose(client_of(colleague), slug="missing").status_code == 404
        assert not KnowledgeChoice.objects.exists()

    def test_is_recorded_about_the_person_and_goes_with_them(self, topic, colleague):
        choose(client_of(colleague))
        (section,) = (each for each in sections() if each.name == "depth")
        ((row),) = section.rows(colleague)
        assert (row.title, str(row.value)) == ("Heat pumps", "For advanced readers")
        assert section.rows(person()) == []
        colleague.delete()
        assert not KnowledgeChoice.objects.exists()

    @pytest.mark.parametrize("number", [1, 100, 500])
    def test_costs_one_query_at_any_number_of_texts_and_segments(self, topic, colleague, number):
        client = client_of(colleague)
        plain = queries(client, portal().url)
        choose(client)
        more_segments(number)
        assert queries(client, portal(*[depth() for _n in range(min(number, 30))]).url) == plain + 1


class TestElsewhere:
    @pytest.mark.django_db(transaction=True)  # MariaDB finds only what is committed
    def test_both_depths_are_found(self, url):
        for word in ("warm", "Carnot"):
            assert len(get_search_backend().search(word, PortalPage.objects.all())) == 1
