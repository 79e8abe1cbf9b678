"""Tells every process that a table was written: the version of the table grows as soon as the change is committed.

Whoever renders reads the versions *before* anything else. So what was rendered from the old rows is stored under the
old version and never found again. After the commit, not in the transaction: versions are rows that everybody would
wait for, and the answer to the person who saved is sent later anyway. Only what decides who may see what grows in
the transaction itself (``effective.lock``).
"""

import logging
from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import Any

from django.core.signals import setting_changed
from django.db import DatabaseError, connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models import Model

from wagtail_personalize.conf import get_settings
from wagtail_personalize.segments import versions

from .tables import tables_written, writes

logger = logging.getLogger(__name__)


def version_of(table: str) -> str:
    """The name of a table's state version, within the twenty characters that a name may have."""
    return "t:" + blake2b(table.encode(), digest_size=8).hexdigest()


def content_changed(*models: type[Model]) -> None:
    """Say that rows of these models were changed in a way that Django did not see, such as ``COPY`` or another program.

    Takes effect at once; call it after the change was committed.
    """
    _grow({model._meta.db_table for model in models})


def watch_connections() -> None:
    """Watch every connection from now on, if anything is kept at all; called once when the app is ready."""
    connection_created.connect(_watch, dispatch_uid="wagtail_personalize.caching")
    setting_changed.connect(_watch_again, dispatch_uid="wagtail_personalize.caching")
    _watch_again(setting="WAGTAIL_PERSONALIZE")


def _watch_again(*, setting: str, **kwargs: Any) -> None:
    """Whether there is a cache for pages changes in tests only."""
    if setting == "WAGTAIL_PERSONALIZE":
        for connection in connections.all(initialized_only=True):
            _watch(connection)


def has_uncommitted_changes() -> bool:
    """Whether this process is in a transaction in which it changed what pages show."""
    return any(
        (pending := connection.__dict__.get("_personalize_pending")) is not None and pending.holds()
        for connection in connections.all(initialized_only=True)
    )


def _watch(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    watched, wanted = _statement in connection.execute_wrappers, get_settings().CONTENT_CACHE is not None
    if wanted and not watched:
        connection.execute_wrappers.insert(0, _statement)
    elif watched and not wanted:
        connection.execute_wrappers.remove(_statement)


def _statement(execute: Callable, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    result = execute(sql, params, many, context)
    sql = sql if isinstance(sql, str) else str(sql)
    if writes(sql) and (tables := tables_written(sql)):
        _announce(context["connection"], tables)
    return result


class _Pending:
    """The tables that one transaction has written so far."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection, self.tables, self.done = connection, set(), False
        transaction.on_commit(self.commit, using=connection.alias)
        #: Replaced by Django whenever something is committed or rolled back; then this note may be gone.
        self.home = connection.run_on_commit

    def holds(self) -> bool:
        return not self.done and self.connection.in_atomic_block and self.home is self.connection.run_on_commit

    def commit(self) -> None:
        self.done = True
        _grow(self.tables)


def _announce(connection: BaseDatabaseWrapper, tables: Iterable[str]) -> None:
    if not connection.in_atomic_block:
        if connection.get_autocommit():
            _grow(tables)
        return
    pending = connection.__dict__.get("_personalize_pending")
    if pending is None or not pending.holds():
        pending = connection._personalize_pending = _Pending(connection)
    pending.tables.update(tables)


def _grow(tables: Iterable[str]) -> None:
    try:
        for table in sorted(tables):
            versions.grow(version_of(table))
    except Exception:
        if _can_tell():
            logger.exception("Stored pages could not be told of a change; they end by their own time.")


def _can_tell() -> bool:
    """Whether there are versions at all. While the first migrations run there are none, and no stored pages either."""
    model = versions.StateVersion
    try:
        return model._meta.db_table in connections[router.db_for_write(model)].introspection.table_names()
    except DatabaseError:
        return True
