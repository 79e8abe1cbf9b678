"""The migrated database, kept for the next process: migrating takes half a minute of each, copying a moment.

What is kept goes by a key of all that a migrated database comes of, so a changed migration, package, setting or model
means migrating anew. And Django's own ``migrate`` always runs: upon a copy it finds nothing to do but what follows
every migration. Two processes that begin at the same time take turns, so that the second one finds what the first kept.
"""

import functools
import os
import re
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from importlib.metadata import distributions
from pathlib import Path
from unittest import mock

from django.apps import apps
from django.conf import settings
from django.core.management.commands import migrate
from django.db import connections

try:
    import fcntl
except ImportError:  # without turns, both migrate
    fcntl = None

ROOT = Path(__file__).parent.parent
PARTS = ("wagtail_personalize", "tests", "example_site")
DECIDING = ("INSTALLED_APPS", "AUTH_USER_MODEL", "MIGRATION_MODULES", "DEFAULT_AUTO_FIELD", "LANGUAGE_CODE")
KEPT_AT_MOST = 8


@contextmanager
def kept_in(folder: Path) -> Iterator[None]:
    """Let ``migrate`` begin with what is kept in ``folder``, and keep there what it made."""
    really = migrate.Command.handle

    def handle(command, *args, **options):
        connection = connections[options["database"]]
        store = STORES[connection.vendor](connection, folder)
        if not store or connection.introspection.table_names():
            return really(command, *args, **options)
        with _in_turn(folder):
            is_there = store.restore()
            result = really(command, *args, **options)
            if not is_there:
                store.keep()
        return result

    with mock.patch.object(migrate.Command, "handle", handle), _remembering_swappable_models():
        yield


@contextmanager
def _in_turn(folder: Path) -> Iterator[None]:
    with (folder / f"{settings.SETTINGS_MODULE}.turn").open("w") as turn:
        if fcntl:
            fcntl.flock(turn, fcntl.LOCK_EX)
        yield


@contextmanager
def _remembering_swappable_models() -> Iterator[None]:
    """Django forgets with each model of each migration which models are swappable: a third of the time of migrating."""
    find = type(apps).get_swappable_settings_name.__wrapped__
    with mock.patch.object(apps, "get_swappable_settings_name", functools.cache(functools.partial(find, apps))):
        yield


def key(version: object) -> str:
    """Of all that a migrated database comes of; ``version`` is the database server's."""
    digest = sha256(repr((sys.version, version, [getattr(settings, name) for name in DECIDING])).encode())
    digest.update(repr(sorted((each.name, each.version) for each in distributions())).encode())
    for path in sorted(set(_sources())):
        digest.update(str(path).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:32]


def _sources() -> Iterable[Path]:
    """Our own code without the tests themselves, and everybody's migrations."""
    for part in PARTS:
        yield from (path for path in (ROOT / part).rglob("*.py") if not path.name.startswith("test_"))
    for app in apps.get_app_configs():
        yield from Path(app.path).glob("migrations/*.py")


class InFile:
    """SQLite: the file of the database, whether the tests have theirs in memory or not."""

    def __init__(self, connection, folder):
        self.connection = connection
        self.folder = folder
        self.path = folder / f"{key(sqlite3.sqlite_version)}.sqlite3"

    def restore(self) -> bool:
        if not self.path.exists():
            return False
        self.path.touch()
        self.connection.ensure_connection()
        kept = sqlite3.connect(self.path)
        kept.backup(self.connection.connection)
        kept.close()
        return True

    def keep(self) -> None:
        new = self.path.with_suffix(f".{os.getpid()}")
        copy = sqlite3.connect(new)
        self.connection.connection.backup(copy)
        copy.close()
        new.replace(self.path)
        for old in sorted(self.folder.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime)[:-KEPT_AT_MOST]:
            old.unlink()


class AsTemplate:
    """PostgreSQL: a database beside, from which others are copied; its comment is the key."""

    def __init__(self, connection, folder):
        self.connection = connection
        self.name = connection.settings_dict["NAME"]
        self.template = re.sub(r"^test_(.*?)(_gw\d+)?$", r"migrated_\1", self.name)
        self.key = key(connection.pg_version)

    def restore(self) -> bool:
        with self._beside() as cursor:
            cursor.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s AND shobj_description(oid, 'pg_database') = %s",
                [self.template, self.key],
            )
            if not cursor.fetchone():
                return False
            self._copy(cursor, self.template, self.name)
        return True

    def keep(self) -> None:
        with self._beside() as cursor:
            self._copy(cursor, self.name, self.template)
            cursor.execute(f"COMMENT ON DATABASE \"{self.template}\" IS '{self.key}'")

    @contextmanager
    def _beside(self):
        self.connection.close()
        with self.connection._nodb_cursor() as cursor:
            yield cursor

    def _copy(self, cursor, source: str, target: str) -> None:
        cursor.execute(f'DROP DATABASE IF EXISTS "{target}"')
        cursor.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')


STORES = {"sqlite": InFile, "postgresql": AsTemplate, "mysql": lambda connection, folder: None}
