"""What the tests of stored pages have in common."""

import socket
import subprocess
import time
from contextlib import contextmanager

from django.core.cache import caches
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext

from wagtail_personalize.targeting.caching import store

CACHE = "wagtail_personalize.targeting.caching.middleware.PersonalizedCacheMiddleware"


def switch_on(settings, alias="default", **more):
    """Keep pages in this cache, which is emptied."""
    if CACHE not in settings.MIDDLEWARE:
        settings.MIDDLEWARE = [*settings.MIDDLEWARE, CACHE]
    settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "CONTENT_CACHE": alias, **more}
    if alias is not None:
        caches[alias].clear()


def with_template(settings, name, source):
    """Let ``source`` be the template of this name."""
    engine = {**settings.TEMPLATES[0], "APP_DIRS": False}
    loaders = [
        ("django.template.loaders.locmem.Loader", {name: source}),
        "django.template.loaders.app_directories.Loader",
    ]
    settings.TEMPLATES = [{**engine, "OPTIONS": {**engine["OPTIONS"], "loaders": loaders}}]


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

    @property
    def cache(self):
        """What stands in ``CACHES``."""
        location = f"redis://127.0.0.1:{self.port}"
        return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": location}

    def commands(self):
        """How many commands it was asked so far, without this one."""
        import redis

        with redis.Redis(port=self.port) as client:
            return sum(each["calls"] for name, each in client.info("commandstats").items() if name == "cmdstat_get")

    def kill(self):
        self.process.kill()
        self.process.wait()


@contextmanager
def committed():
    """What is changed inside is committed at the end, as far as those who wait for that can tell."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        yield


def get(url, user=None, client=None, **headers):
    client = client or Client()
    if user is not None:
        client.force_login(user)
    return client.get(url, headers=headers)


def queries_of(url, client):
    with CaptureQueriesContext(connection) as found:
        response = client.get(url)
    return response, [query["sql"] for query in found]


@contextmanager
def counting():
    """Counts what is stored, by whether it is a page or a fragment; the names come as a list."""
    kept, original = [], store._store

    def counted(cache, name, recipe, viewer, content, seconds):
        kept.append(name)
        original(cache, name, recipe, viewer, content, seconds)

    store._store = counted
    try:
        yield kept
    finally:
        store._store = original


def rendered(response):
    """Whether a template was rendered for this response; it was not when it comes from the cache."""
    return bool(response.templates)
