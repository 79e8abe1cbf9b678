"""Stored pages when Redis is flushed, killed, away and back."""

import shutil

import pytest
from django.core.cache import caches
from django.db import OperationalError
from django.test import Client

from tests.builders import audience, note, person, segment, targeted_page
from wagtail_personalize.segments import versions
from wagtail_personalize.segments.models import StateVersion
from wagtail_personalize.targeting.caching import announcing

from .caching import RedisServer, committed, get, rendered, switch_on

pytest.importorskip("redis")
needs_redis = pytest.mark.skipif(shutil.which("redis-server") is None, reason="redis-server is not installed")


@pytest.fixture
def redis(settings):
    server = RedisServer()
    settings.CACHES = {**settings.CACHES, "redis": server.cache}
    switch_on(settings, "redis")
    yield server
    caches["redis"].close()
    server.kill()


def a_page():
    with committed():
        sales = segment("Sales")
        ada, bob = person("ada", department="Sales"), person("bob", department="None")
        return targeted_page(note("For all"), note("For sales", audience([sales]))), ada, bob


@needs_redis
@pytest.mark.django_db
class TestRedis:
    def test_answers_and_is_not_missed_when_it_is_away(self, redis):
        page, ada, bob = a_page()
        first = get(page.url, ada)
        assert rendered(first)
        assert not rendered(get(page.url, ada))
        assert b"For sales" not in get(page.url, bob).content

        caches["redis"].clear()
        flushed = get(page.url, ada)
        assert rendered(flushed)
        assert flushed.content == first.content

        redis.kill()
        away = get(page.url, ada)
        assert (away.status_code, away.content) == (200, first.content)
        with committed():
            ada.staff.department = "None"
            ada.staff.save()
        assert b"For sales" not in get(page.url, ada).content

        redis.start()
        assert b"For sales" not in get(page.url, ada).content
        assert not rendered(get(page.url, ada))

    def test_is_asked_once_for_a_page_that_is_kept(self, redis):
        page, ada, _bob = a_page()
        client = Client()
        client.force_login(ada)
        client.get(page.url)
        assert not rendered(client.get(page.url))

        before = redis.commands()
        assert not rendered(client.get(page.url))
        assert redis.commands() - before == 1


@pytest.mark.django_db
class TestVersions:
    """Where the versions stand cannot be written; locked, or not there yet while the first migrations run."""

    @pytest.fixture(autouse=True)
    def refused(self, settings, monkeypatch):
        def refuse(name):
            raise OperationalError("refused")

        switch_on(settings, "default")
        monkeypatch.setattr(versions, "grow", refuse)

    def test_that_cannot_be_written_are_told_to_whoever_keeps_the_site(self, caplog):
        announcing.content_changed(StateVersion)
        assert "could not be told of a change" in caplog.text

    def test_that_are_not_there_yet_are_not_missed(self, caplog, monkeypatch):
        monkeypatch.setattr(StateVersion._meta, "db_table", "not_there_yet")
        announcing.content_changed(StateVersion)
        assert caplog.text == ""
