"""A page carries the script for whoever is counted, and for nobody else; it is no copy for others."""

import gzip
import re
import time
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import RequestContext, Template
from django.test import RequestFactory

from tests.builders import person
from wagtail_personalize import engagement
from wagtail_personalize.engagement.beacon import emitting
from wagtail_personalize.engagement.beacon.tokens import ViewToken, page_of
from wagtail_personalize.engagement.models import Event, Objection
from wagtail_personalize.segments.viewer import Viewer, viewer_for

pytestmark = pytest.mark.django_db

SCRIPT = Path(engagement.__file__).parent / "static/wagtail_personalize/engagement/measure.js"


def ask(someone, **headers):
    request = RequestFactory().get("/", headers=headers)
    request.user = someone
    return request


def rendered(request, page, words="{% measure %}"):
    context = RequestContext(request, {"request": request, "page": page})
    return Template("{% load personalize_tags %}" + words).render(context).strip()


class TestMeasure:
    def test_gives_the_script_and_a_token(self, ada, news):
        html = rendered(ask(ada), news)
        token = ViewToken.read(re.search('data-token="([^"]+)"', html)[1], time.time())
        assert (token.person, token.page) == (str(ada.pk), news.translation_key)
        assert 'data-url="/people/measure/"' in html
        assert "defer" in html

    def test_holds_no_code(self, ada, news):
        assert re.fullmatch(r"<script [^>]*></script>", rendered(ask(ada), news))

    def test_keeps_the_page_private(self, ada, news):
        request = ask(ada)
        rendered(request, news)
        assert viewer_for(request).personalised

    def test_is_nothing_for_visitors(self, news):
        assert rendered(ask(AnonymousUser()), news) == ""

    @pytest.mark.parametrize("header", ["DNT", "Sec-GPC"])
    def test_is_nothing_where_the_browser_refuses(self, ada, news, header):
        assert rendered(ask(ada, **{header: "1"}), news) == ""

    def test_is_nothing_for_who_objected(self, ada, news):
        Objection.objects.create(person=ada)
        assert rendered(ask(ada), news) == ""

    def test_is_nothing_in_previews(self, ada, news):
        request = ask(ada)
        request.is_preview = True
        assert rendered(request, news) == ""
        request = ask(ada)
        request.viewer = Viewer.for_person(ada, is_preview=True)
        assert rendered(request, news) == ""

    @pytest.mark.parametrize("given", [None, "", "News", object()])
    def test_is_nothing_without_a_page(self, ada, given):
        assert rendered(ask(ada), given) == ""

    def test_never_breaks_a_page(self, ada, news, monkeypatch, caplog):
        monkeypatch.setattr(emitting, "has_objected", lambda person: 1 / 0)
        assert rendered(ask(ada), news) == ""
        assert "without being measured" in caplog.text

    def test_costs_one_query(self, ada, news, django_assert_num_queries):
        with django_assert_num_queries(1):
            rendered(ask(ada), news)

    def test_of_a_page_that_may_be_kept_names_nobody(self, settings, ada, news):
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "CONTENT_CACHE": "default"}
        one, other = rendered(ask(ada), news), rendered(ask(person("bob")), news)
        assert one == other
        assert "data-token=" not in one
        assert page_of(re.search('data-page="([^"]+)"', one)[1]) == news.translation_key

    def test_counts_nothing_by_itself(self, client, ada, news):
        """Fetched ahead, asked by HEAD, or read by a program: the view is what the script tells."""
        client.force_login(ada)
        client.get(news.url, headers={"Sec-Purpose": "prefetch"})
        client.head(news.url)
        client.get(news.url)
        assert not Event.objects.exists()


class TestTeaser:
    def test_names_its_page(self, ada, news):
        html = rendered(ask(ada), news, "<a {% teaser page %}>")
        assert page_of(re.search('data-measure-teaser="([^"]+)"', html)[1]) == news.translation_key

    def test_is_the_same_for_everybody(self, ada, news):
        words = "{% teaser page %}"
        assert rendered(ask(ada), news, words) == rendered(ask(AnonymousUser()), news, words)

    @pytest.mark.parametrize("given", [None, "", "News"])
    def test_is_nothing_without_a_page(self, ada, given):
        assert rendered(ask(ada), given, "{% teaser page %}") == ""


class TestScript:
    def test_has_three_kibibytes_at_most(self):
        assert len(gzip.compress(SCRIPT.read_bytes())) <= 3 * 1024
