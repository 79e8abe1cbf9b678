"""What the tests of stored pages have in common."""

from contextlib import contextmanager
from uuid import uuid4

from django.core.cache import caches
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext

from wagtail_personalize.segments import versions
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.targeting.caching import store

CACHE = "wagtail_personalize.targeting.caching.middleware.PersonalizedCacheMiddleware"


def switch_on(settings, alias="default", **more):
    """Keep pages in this cache, which is emptied."""
    if CACHE not in settings.MIDDLEWARE:
        settings.MIDDLEWARE = [*settings.MIDDLEWARE, CACHE]
    settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "CONTENT_CACHE": alias, **more}
    caches[alias].clear()


def with_template(settings, name, source):
    """Let ``source`` be the template of this name."""
    engine = {**settings.TEMPLATES[0], "APP_DIRS": False}
    loaders = [
        ("django.template.loaders.locmem.Loader", {name: source}),
        "django.template.loaders.app_directories.Loader",
    ]
    settings.TEMPLATES = [{**engine, "OPTIONS": {**engine["OPTIONS"], "loaders": loaders}}]


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


def make_segments(count):
    """So many segments, whose rules nobody fits."""
    rule = {"all": [{"attribute": "department", "operator": "is", "value": "Nobody's"}]}
    with committed():
        Segment.objects.bulk_create(
            Segment(name=f"Extra {n}", slug=f"extra-{n}", rule=rule, uuid=uuid4()) for n in range(count)
        )
        versions.grow(versions.SEGMENTS)


def rendered(response):
    """Whether a template was rendered for this response; it was not when it comes from the cache."""
    return bool(response.templates)
