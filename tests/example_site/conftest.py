"""These tests run on the sample intranet itself: ``pytest tests/example_site --ds=example_site.settings``."""

from importlib import import_module

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils.translation import override

if settings.ROOT_URLCONF != "example_site.urls":
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, tmp_path_factory):
    """One demonstration for all tests; each test rolls back what it changes."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")
    import_module(settings.ROOT_URLCONF)  # while DEMO is on, whichever test comes first
    with django_db_blocker.unblock():
        call_command("load_demo", verbosity=0)


@pytest.fixture(autouse=True)
def language():
    """What a request leaves active is gone with the test."""
    with override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture
def visit(client):
    """``visit("joiner", "/news/")``: what that persona gets, having become it by the switcher.

    In English, as if they had chosen it, unless ``language`` is empty: then in their own language.
    """

    def visit(persona, path="/", language="en-gb"):
        client.post("/personas/become/", {"persona": persona})
        client.cookies.pop(settings.LANGUAGE_COOKIE_NAME, None)
        if language:
            client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return client.get(path)

    return visit
