"""Stored pages go past no check of the site, and nothing comes into them that only one request said."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth.decorators import login_required
from django.core.checks import run_checks
from django.http import Http404, HttpResponse
from django.urls import re_path
from wagtail.models import Page
from wagtail.urls import serve_pattern
from wagtail.views import serve

from tests.builders import audience, note, page, person, segment, targeted_page
from tests.doors.viewers import client_of
from tests.intranet.models import StandardPage
from tests.urls import urlpatterns as site_urls
from wagtail_personalize.targeting.caching import pages

from .caching import CACHE, committed, get, rendered, switch_on

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world(settings):
    switch_on(settings)


@pytest.fixture
def site():
    class Site:
        pass

    with committed():
        Site.page = targeted_page(note("For all"))
        Site.ada, Site.bob = person("ada", department="Sales"), person("bob", department="IT")
    Site.url = Site.page.url
    return Site


def answering(monkeypatch, found, text):
    """Let the page answer with what ``text(request)`` gives."""
    monkeypatch.setattr(type(found), "serve", lambda page, request, *args, **kwargs: HttpResponse(text(request)))


class TestChecksOfTheSite:
    def test_a_decorator_around_wagtails_view(self, site, settings):
        closed = re_path(serve_pattern, login_required(serve), name="wagtail_serve")
        settings.ROOT_URLCONF = type("Closed", (), {"urlpatterns": [closed, *site_urls]})
        assert get(site.url, site.ada).status_code == 200
        assert get(site.url).status_code == 302
        assert not rendered(get(site.url, site.bob))

    def test_a_page_type_that_routes_by_itself(self, site, monkeypatch):
        def route(page, request, components):
            if components and not request.user.is_authenticated:
                raise Http404
            return Page.route(page, request, components)

        with committed():
            section = page("Section")
            below = page("Below", parent=section)
        monkeypatch.setattr(StandardPage, "route", route)
        assert get(below.url, site.ada).status_code == 200
        assert get(below.url).status_code == 302, "An anonymous visitor is sent to the login."
        assert not rendered(get(below.url, site.bob))

    def test_a_check_in_middleware_behind_it_is_told(self, settings):
        settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.contrib.auth.middleware.LoginRequiredMiddleware"]
        assert "personalize_targeting.E042" in {found.id for found in run_checks()}
        settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != CACHE] + [CACHE]
        assert "personalize_targeting.E042" not in {found.id for found in run_checks()}


class TestWhatOneRequestSaid:
    """What the browser sends is kept for nobody else."""

    @pytest.mark.parametrize(
        "text",
        [
            lambda request: request.META.get("HTTP_X_FORWARDED_HOST", "-"),
            lambda request: request.META.get("HTTP_X_FORWARDED_PROTO", "-"),
            lambda request: request.environ.get("HTTP_X_FORWARDED_HOST", "-"),
            lambda request: request.environ["REMOTE_ADDR"] + request.environ.get("HTTP_X_FORWARDED_HOST", "-"),
            lambda request: request.content_type or "-",
        ],
    )
    def test_comes_into_no_stored_page(self, site, monkeypatch, text):
        answering(monkeypatch, site.page, text)
        get(site.url, site.ada, x_forwarded_host="evil.example", x_forwarded_proto="evil", content_type="evil")
        assert b"evil" not in get(site.url, site.bob).content

    def test_nor_does_the_key_of_a_session(self, site, monkeypatch):
        answering(monkeypatch, site.page, lambda request: request.session.session_key)
        assert get(site.url, site.ada).content != get(site.url, site.bob).content

    def test_nor_does_what_was_asked_of_the_headers_before(self, site, monkeypatch):
        def accepts(request, *args):
            request.accepts("text/html")
            return original(request, *args)

        original = pages.page_request
        monkeypatch.setattr("wagtail_personalize.targeting.caching.middleware.page_request", accepts)
        answering(monkeypatch, site.page, lambda request: "html" if request.accepts("text/html") else "other")
        assert get(site.url, site.ada, accept="application/json").content == b"other"
        assert get(site.url, site.bob, accept="text/html").content == b"html"

    def test_nor_does_a_body_that_was_sent_with_get(self, site, monkeypatch, client):
        answering(monkeypatch, site.page, lambda request: request.body)
        client.generic("GET", site.url, b"evil", content_type="text/plain")
        assert get(site.url, site.bob).content == b""

    def test_a_condition_is_asked_of_pages_that_have_a_tag(self, site):
        get(site.url, site.ada)
        assert get(site.url, site.bob, if_match='"another"').status_code == 200


class TestAddress:
    def test_differs_by_port(self, site, monkeypatch, client):
        answering(monkeypatch, site.page, lambda request: request.get_port())
        assert client.get(site.url, SERVER_PORT="8000", HTTP_HOST="localhost").content == b"8000"
        assert client.get(site.url, SERVER_PORT="9000", HTTP_HOST="localhost").content == b"9000"


class TestTime:
    """A page that was stored before midnight is not that of the next day."""

    @pytest.mark.parametrize("day", [date(2026, 3, 28), date(2026, 10, 24), date(2028, 2, 28)])
    def test_of_a_rule_with_dates_ends_at_local_midnight(self, settings, day):
        zone = ZoneInfo(settings.TIME_ZONE)
        rule = {"all": [{"attribute": "hired", "operator": "in_the_last", "value": 30, "unit": "days"}]}
        midnight = datetime.combine(day + timedelta(days=1), time.min, zone)
        with time_machine.travel(midnight - timedelta(minutes=2), tick=False):
            with committed():
                new = segment("New", rule)
                found = targeted_page(note("Welcome", audience([new])))
                ada = person("ada", hired=day - timedelta(days=30))
            client = client_of(ada)
            assert b"Welcome" in client.get(found.url).content
            assert not rendered(client.get(found.url))
        with time_machine.travel(midnight + timedelta(seconds=1), tick=False):
            assert b"Welcome" not in client.get(found.url).content
