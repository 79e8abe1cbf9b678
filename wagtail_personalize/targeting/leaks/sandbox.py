"""Looking without a trace: whatever a view writes while it is asked is not there afterwards.

Every request runs in a transaction that is rolled back, in all databases; what runs on commit never runs. Sessions live
in a signed cookie. Caches are empty ones in memory, so nothing comes from the site's own and nothing stays in them.
Files, such as new renditions, go into a folder that is deleted. E-mail goes nowhere.
"""

import logging
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch
from uuid import uuid4
from warnings import catch_warnings, simplefilter

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage
from django.db import connections, transaction
from django.test.utils import override_settings
from django.utils.module_loading import import_string

_LOUD = ("django.request", "django.security", "django.security.DisallowedHost")
_SMTP = "django.core.mail.backends.smtp.EmailBackend"
_MOST_CACHED = 5000


@contextmanager
def sandbox(*, own_caches: bool = True) -> Iterator[None]:
    """Ask only inside of this. Without ``own_caches`` the site's caches are read, and written, as by any visitor."""
    with ExitStack() as stack:
        stack.enter_context(override_settings(**_settings(own_caches)))
        for mailer in _mailers():
            stack.enter_context(patch.object(mailer, "send_messages", lambda *args: 0))
        stack.enter_context(_files_aside(stack.enter_context(tempfile.TemporaryDirectory(prefix="check_leaks_"))))
        for name in _LOUD:
            stack.enter_context(patch.object(logging.getLogger(name), "disabled", True))
        yield


@contextmanager
def rolled_back() -> Iterator[None]:
    """One transaction in every database, undone at the end whatever happened."""
    with ExitStack() as stack:
        for alias in connections:
            stack.enter_context(_undone(alias))
        yield


@contextmanager
def _undone(alias: str) -> Iterator[None]:
    with transaction.atomic(using=alias):
        try:
            yield
        finally:
            transaction.set_rollback(True, using=alias)


def _settings(own_caches: bool) -> dict[str, Any]:
    changed: dict[str, Any] = {
        "ALLOWED_HOSTS": ["*"],
        "DEBUG": False,
        "SESSION_ENGINE": "django.contrib.sessions.backends.signed_cookies",
    }
    if own_caches:
        changed["CACHES"] = {alias: _cache(config) for alias, config in settings.CACHES.items()}
    return changed


def _mailers() -> set[type]:
    """Whatever this site sends e-mail with: Django 6.1 and later may name several."""
    with catch_warnings():
        simplefilter("ignore")  # where Django would rather have the other setting
        named = getattr(settings, "MAILERS", None) or {"default": {"BACKEND": settings.EMAIL_BACKEND}}
    return {import_string(config.get("BACKEND", _SMTP)) for config in named.values()}


def _cache(config: dict[str, Any]) -> dict[str, Any]:
    return {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": f"check_leaks_{uuid4()}",
        "OPTIONS": {"MAX_ENTRIES": _MOST_CACHED},
        **{key: value for key, value in config.items() if key in ("TIMEOUT", "KEY_PREFIX", "VERSION", "KEY_FUNCTION")},
    }


@contextmanager
def _files_aside(folder: str) -> Iterator[None]:
    """Storages keep new files in ``folder``, and find them there first."""
    aside, names = FileSystemStorage(folder), set[str]()
    save, read = Storage.save, Storage.open

    def saving(storage: Storage, name: str, content: Any, max_length: int | None = None) -> str:
        if storage is aside:
            return save(storage, name, content, max_length=max_length)
        kept = aside.save(name or content.name, content)
        names.add(kept)
        return kept

    def opening(storage: Storage, name: str, mode: str = "rb") -> Any:
        return read(aside if name in names else storage, name, mode)

    with patch.object(Storage, "save", saving), patch.object(Storage, "open", opening):
        yield
