"""“Was this helpful?” is counted once for a person and a month, and what is written leads to nobody."""

import pytest
from django.template import RequestContext, Template
from django.test import RequestFactory

from tests.builders import segment
from wagtail_personalize.engagement.models import Event, HelpfulText, Objection
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.clauses import Clause
from wagtail_personalize.targeting.page_audiences import set_page_audience

from .counting import events

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client, ada):
    client.force_login(ada)
    return ada


def answer(client, page, given="yes", text="", **headers):
    data = {"answer": given, "text": text, "next": "/somewhere/"}
    return client.post(f"/people/helpful/{page.translation_key}/", data, headers=headers)


def shown(someone, page, viewer=None):
    request = RequestFactory().get("/")
    request.user = someone
    if viewer:
        request.viewer = viewer
    words = "{% load personalize_tags %}{% was_this_helpful %}"
    return Template(words).render(RequestContext(request, {"request": request, "page": page})).strip()


class TestAnswer:
    @pytest.mark.parametrize(("given", "value"), [("yes", 1), ("no", 0)])
    def test_is_counted(self, client, ada, news, given, value):
        assert answer(client, news, given).url == "/somewhere/"
        assert [event.value for event in events()] == [value]

    def test_counts_once_in_a_month(self, client, ada, news):
        for given in ("yes", "no"):
            answer(client, news, given, text="Words")
        assert [event.value for event in events()] == [1]
        assert HelpfulText.objects.count() == 1

    @pytest.mark.parametrize("text", ["<script>alert(1)</script>", "=1+1", "ünï ﷺ", "a\x00b‮c", "x" * 5000])
    def test_keeps_words_as_plain_text(self, client, ada, news, text):
        answer(client, news, text=text)
        kept = HelpfulText.objects.get()
        assert len(kept.text) <= 1000
        assert not set("\x00‮") & set(kept.text)
        assert kept.day.day == 1

    def test_without_words_keeps_none(self, client, ada, news):
        answer(client, news, text="  ")
        assert not HelpfulText.objects.exists()

    def test_of_who_objects_is_not_kept(self, client, ada, news):
        answer(client, news, text="Words", DNT="1")
        Objection.objects.create(person=ada)
        answer(client, news, text="Words")
        assert not Event.objects.exists()
        assert not HelpfulText.objects.exists()

    def test_needs_yes_or_no(self, client, ada, news):
        assert answer(client, news, "perhaps").status_code == 404

    def test_on_a_page_that_one_may_not_see_is_as_on_none(self, client, ada, news):
        set_page_audience(news, None, restrict=Clause.of([segment("Finance")]), recommend=None)
        assert answer(client, news).status_code == 404

    def test_is_for_people_who_are_signed_in(self, client, news):
        assert answer(client, news).status_code == 302
        assert not Event.objects.exists()

    def test_leads_nowhere_else(self, client, ada, news):
        data = {"answer": "yes", "next": "https://elsewhere.example/"}
        assert "elsewhere" not in client.post(f"/people/helpful/{news.translation_key}/", data).url


class TestQuestion:
    def test_is_asked_of_who_is_signed_in(self, ada, news, client):
        assert "Was this helpful?" in shown(ada, news)

    def test_is_not_asked_of_visitors_in_previews_and_without_a_page(self, ada, news, client):
        from django.contrib.auth.models import AnonymousUser

        assert shown(AnonymousUser(), news) == ""
        assert shown(ada, news, Viewer.for_person(ada, is_preview=True)) == ""
        assert shown(ada, None) == ""
