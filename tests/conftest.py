"""What holds for the whole test run."""

import gc
import re
import string
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.conf import settings
from django.middleware import csrf

from tests.migrated import kept_in

ONE_AFTER_THE_OTHER = {
    "timeout": 30,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;",
}

# A tenth of a run's time went into looking for garbage among what Django and Wagtail keep for good.
BETWEEN_COLLECTIONS = (100_000, 20, 20)
DOORS = Path(__file__).parent / "doors"
# What a screen shows, or a file means, comes of the same few querysets on every database: told by the name of the file.
SCREENS = re.compile(
    r"admin|preview|who_sees|view_as|directory|_pages?$|docs|translations|import_(csv|json|ldif|mapping|dates|sources)"
)


def pytest_addoption(parser):
    parser.addoption("--every", type=int, default=1, help="Run every n-th test of each file, always the same ones.")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    gc.set_threshold(*BETWEEN_COLLECTIONS)
    _spell_no_names_by_chance()
    _let_requests_have_their_own_connections(config)


def _spell_no_names_by_chance():
    """Make the tokens of forms of small consonants: one in 4,000 held "Two", which a test had said is nowhere."""
    csrf.CSRF_ALLOWED_CHARS = "".join(sorted(set(string.ascii_lowercase) - set("aeiouy")))


def _let_requests_have_their_own_connections(config):
    """Give the browser tests a SQLite database in a file, in which each request has a connection of its own.

    In memory, all threads of the live server share one connection, and the transaction of one request swallows
    or rolls back what another one writes: people are signed out, changes get lost. No real site is like that.
    """
    chosen = config.getoption("markexpr") or ""
    database = settings.DATABASES["default"]
    if not chosen.startswith("browser") or not database["ENGINE"].endswith("sqlite3"):
        return
    folder = tempfile.TemporaryDirectory(prefix="personalize_browser_")
    config.add_cleanup(folder.cleanup)
    database.setdefault("TEST", {})["NAME"] = str(Path(folder.name) / "test.sqlite3")
    database["OPTIONS"] = {**database.get("OPTIONS", {}), **ONE_AFTER_THE_OTHER}


@pytest.fixture(scope="session")
def migrating(request, django_db_use_migrations, django_db_createdb):
    """How the test databases are migrated: beginning with what an earlier process kept, but for ``--create-db``."""
    frame = ExitStack()
    cache = getattr(request.config, "cache", None)
    if cache and django_db_use_migrations and not django_db_createdb:
        frame.enter_context(kept_in(cache.mkdir("migrated")))
    yield frame
    frame.close()


@pytest.fixture(scope="session")
def django_db_setup(migrating, django_db_setup):
    """Whoever migrates in a test does it as on any site."""
    migrating.close()


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config, items):
    """Marks come before pytest chooses by them, the n-th is counted among what it chose."""
    _mark(items)
    yield
    _keep_every(config, items)


def _mark(items):
    for item in items:
        if DOORS in item.path.parents:
            item.add_marker(pytest.mark.doors)
        elif SCREENS.search(item.path.stem):
            item.add_marker(pytest.mark.screens)


def _keep_every(config, items):
    """Of each file every n-th test, by their names, whatever order they were shuffled into."""
    step, files = config.getoption("every"), {}
    if step < 2:
        return
    for item in items:
        files.setdefault(item.path, []).append(item.nodeid)
    kept = {name for names in files.values() for name in sorted(names)[::step]}
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in kept])
    items[:] = [item for item in items if item.nodeid in kept]
