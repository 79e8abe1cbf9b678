"""A real Chromium against a live server. Errors in its console fail the test."""

import os
import shutil
from importlib.util import find_spec

import pytest
from django.conf import settings as django_settings
from django.test import Client

from tests.people.importers import private

__all__ = ["private"]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

# Playwright runs an event loop in this thread, in which Django would refuse to speak to the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items):
    missing = CHROMIUM is None or find_spec("playwright") is None
    if missing and os.environ.get("REQUIRE_ALL") and any(item.get_closest_marker("browser") for item in items):
        raise pytest.UsageError("The browser tests need Chromium and Playwright.")
    for item in items:
        if item.get_closest_marker("browser") and missing:
            item.add_marker(pytest.mark.skip(reason="needs Chromium and Playwright"))


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def site(settings, django_db_serialized_rollback, live_server):
    """The address of a running site that asks nobody outside."""
    settings.WAGTAIL_ENABLE_UPDATE_CHECK = False
    settings.WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
    settings.WAGTAIL_GRAVATAR_PROVIDER_URL = None
    return live_server.url


@pytest.fixture
def tab(chromium, site):
    """A fresh tab, 1280 pixels wide, with the site as its base address and ``tab.errors`` as what went wrong."""
    context = chromium.new_context(base_url=site, viewport={"width": 1280, "height": 1000}, locale="en-GB")
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("console", lambda message: page.errors.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    assert page.errors == []


@pytest.fixture
def signed_in(tab, site):
    """``signed_in(user)``: the tab, with that user signed in."""

    def sign_in(user):
        client = Client()
        client.force_login(user)
        name = django_settings.SESSION_COOKIE_NAME
        tab.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])
        return tab

    return sign_in
