"""Which tables a statement reads or writes.

What a page shows comes from tables; so a stored page depends on the tables that were read for it, and a statement that
writes to one of them ends it. Statements are looked at as text: that also finds ``update()``, ``bulk_create()`` and
hand-written SQL, which send no signal.
"""

import re
from functools import cache, lru_cache
from typing import Any

from django.apps import apps
from django.core.signals import setting_changed
from django.db.models import Model

_WORD = re.compile(r"\w+")
_SET = re.compile(r"\bSET\b(.*?)(?:\bWHERE\b|$)", re.DOTALL)
_ASSIGNED = re.compile(r"[\"`](\w+)[\"`]\s*=(?!=)")
_WRITING = ("INSERT", "UPDATE", "DELETE", "REPLACE", "WITH", "TRUNCATE", "MERGE")
#: The first table of a statement that writes stands within so many characters, unless it begins with ``WITH``.
_BEGINNING = 500

#: What is written all the time and shown on no page; a page for which one of these was read is not kept.
_NEVER_SHOWN = [
    *("sessions.Session", "admin.LogEntry", "wagtailcore.PageLogEntry", "wagtailcore.ModelLogEntry"),
    *("wagtailcore.Revision", "wagtailcore.ReferenceIndex", "wagtailcore.TaskState", "wagtailcore.WorkflowState"),
    *("wagtailsearch.IndexEntry", "wagtailsearch.SQLiteFTSIndexEntry", "wagtailadmin.EditingSession"),
    *("personalize_segments.Membership", "personalize_segments.PastMembership", "personalize_segments.StateVersion"),
    *("personalize_people.FoldedValue", "personalize_people.ValueOrigin", "personalize_privacy.LookAt"),
    *("personalize_privacy.LiveSizeAsked", "django_tasks_db.DBTaskResult"),
]
#: Columns that a draft or a login changes; what is published does not depend on them.
_QUIET_COLUMNS = {
    *("latest_revision_id", "latest_revision_created_at", "draft_title", "has_unpublished_changes"),
    *("locked", "locked_at", "locked_by_id", "last_login"),
}
#: What a page comes from before it is rendered, besides its own tables.
_FOR_ROUTING = ("wagtailcore.Site", "wagtailcore.Locale")


def never_shown(*labels: str) -> None:
    """Declare models (``"app.Model"``) that are written often: writing ends no stored page, reading prevents one."""
    _NEVER_SHOWN.extend(labels)
    _forget(setting="INSTALLED_APPS")


@cache
def all_tables() -> frozenset[str]:
    """The tables of all models."""
    return frozenset(model._meta.db_table for model in apps.get_models(include_auto_created=True))


@cache
def never_shown_tables() -> frozenset[str]:
    """Those of the declared models that are installed."""
    wanted = {label.lower() for label in _NEVER_SHOWN}
    return frozenset(model._meta.db_table for model in apps.get_models() if model._meta.label_lower in wanted)


@cache
def _derived_tables() -> frozenset[str]:
    """Renditions follow from image and filter alone, and are written while pages are rendered."""
    from wagtail.images.models import AbstractRendition

    return frozenset(model._meta.db_table for model in apps.get_models() if issubclass(model, AbstractRendition))


def always_used(model: type[Model]) -> set[str]:
    """What a page of this type comes from before it is rendered: its own tables, the sites and the languages."""
    models: list[Any] = [model, *model._meta.get_parent_list(), *map(apps.get_model, _FOR_ROUTING)]
    return {each._meta.db_table for each in models}


def tables_read(sql: str) -> frozenset[str]:
    """The tables of models that a query mentions; a column that is called like one does no harm."""
    return _read(sql) if len(sql) < 10_000 else _read.__wrapped__(sql)


@lru_cache(maxsize=1024)
def _read(sql: str) -> frozenset[str]:
    return all_tables().intersection(_WORD.findall(sql)) - _derived_tables()


def writes(sql: str) -> bool:
    """Whether a statement may change something."""
    return sql[:10].lstrip("( \n\t").upper().startswith(_WRITING)


def tables_written(sql: str) -> frozenset[str]:
    """The tables that a statement changes, as far as a page can show it; of most statements the first one named."""
    kind = sql[:20].lstrip("( \n\t").upper()
    if kind.startswith("UPDATE") and _only_quiet_columns(sql[: 4 * _BEGINNING]):
        return frozenset()
    if kind.startswith(("WITH", "TRUNCATE")):
        return tables_read(sql) - never_shown_tables()
    named = next((word for word in _WORD.findall(sql[:_BEGINNING]) if word in all_tables()), None)
    return frozenset() if named is None else frozenset({named}) - never_shown_tables() - _derived_tables()


def _only_quiet_columns(beginning: str) -> bool:
    found = _SET.search(beginning)
    columns = _ASSIGNED.findall(found[1]) if found else []
    return bool(columns) and _QUIET_COLUMNS.issuperset(columns)


def _forget(*, setting: str, **kwargs: Any) -> None:
    if setting == "INSTALLED_APPS":
        for kept in (all_tables, never_shown_tables, _derived_tables, _read):
            kept.cache_clear()


setting_changed.connect(_forget, dispatch_uid="wagtail_personalize.caching.tables")
