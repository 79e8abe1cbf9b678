"""``MEASUREMENT = "off"``: nothing is asked of browsers, and nothing that happens is stored."""

import pytest
from django.template import RequestContext, Template
from django.test import RequestFactory, TestCase

from wagtail_personalize.engagement.models import Balance, Content, Event, HelpfulText, HourCount
from wagtail_personalize.hookspecs import record
from wagtail_personalize.segments.viewer import Viewer

from .beaconing import TOKEN, Browser, page_token

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def off(settings):
    settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "MEASUREMENT": "off"}


@pytest.fixture
def ada(client, ada):
    client.force_login(ada)
    return ada


def shown(someone, about):
    request = RequestFactory().get("/")
    request.user = someone
    words = "{% load personalize_tags %}{% measure %}{% was_this_helpful %}<p {% teaser page %}></p>"
    return Template(words).render(RequestContext(request, {"request": request, "page": about}))


def is_empty():
    return not any(model.objects.exists() for model in (Event, HourCount, Balance, Content, HelpfulText))


class TestOff:
    def test_puts_neither_script_nor_question_on_a_page(self, ada, news):
        assert shown(ada, news).strip() == "<p ></p>"

    def test_answers_beacons_and_keeps_nothing_of_them(self, ada, news):
        Browser(ada, news).send()
        Browser(ada, news).post("nonsense")
        assert is_empty()

    def test_gives_no_tokens(self, client, ada, news):
        assert client.get(TOKEN, {"page": page_token(news.translation_key)}).status_code == 204

    def test_keeps_nothing_that_the_server_sees(self, ada, news):
        with TestCase.captureOnCommitCallbacks(execute=True):
            record("comment", news, Viewer.for_person(ada))
        assert is_empty()

    def test_keeps_no_answer_and_says_so(self, client, ada, news):
        data = {"answer": "yes", "text": "Words", "next": "/people/me/measurement/"}
        answer = client.post(f"/people/helpful/{news.translation_key}/", data, follow=True)
        assert "your answer was not kept" in answer.content.decode()
        assert is_empty()

    def test_is_told_to_people(self, client, ada):
        assert "Measurement is switched off." in client.get("/people/me/measurement/").content.decode()

    def test_is_over_with_the_setting(self, client, ada, news, settings):
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "MEASUREMENT": "standard"}
        Browser(ada, news).send()
        assert Event.objects.exists()
        assert "switched off" not in client.get("/people/me/measurement/").content.decode()
