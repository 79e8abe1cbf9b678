"""Stored pages when Redis is flushed, killed, away and back."""

import shutil
import socket
import subprocess
import time

import pytest
from django.core.cache import caches

from tests.builders import audience, note, person, segment, targeted_page

from .caching import committed, get, rendered, switch_on

pytest.importorskip("redis")
needs_redis = pytest.mark.skipif(shutil.which("redis-server") is None, reason="redis-server is not installed")


class RedisServer:
    """A process of its own on a free port."""

    def __init__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.start()

    def start(self):
        command = ["redis-server", "--port", str(self.port), "--save", "", "--appendonly", "no", "--bind", "127.0.0.1"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        for _attempt in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("Redis did not start.")

    def kill(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture
def redis(settings):
    server = RedisServer()
    settings.CACHES = {
        **settings.CACHES,
        "redis": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"redis://127.0.0.1:{server.port}",
        },
    }
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
