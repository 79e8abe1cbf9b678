"""An optional cache, shared by all processes, that saves the one query per request (setting ``SHARED_CACHE``).

A right that was lost must be gone on the next request, so every answer is stored under a *generation*, read before the
database was asked and replaced when a change is committed: an answer from before the change is never found again.
Nothing is read or written inside a transaction (its view of the data may be older or newer than everybody else's),
and whenever the cache fails the database answers.
"""

import hashlib
import logging
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.core.cache import BaseCache, caches
from django.db import connections, router, transaction

from wagtail_personalize.conf import get_settings

logger = logging.getLogger(__name__)

#: Seconds that an answer may live when the cache was out of reach just as a change was committed.
LIFETIME = 60
_GENERATION = "wagtail_personalize.generation"


def remember(question: tuple, ask: Callable[[], Any], *, using: str) -> Any:
    """The stored answer to ``question``, or what ``ask()`` says, which is then stored."""
    alias = get_settings().SHARED_CACHE
    if alias is None or connections[using].in_atomic_block:
        return ask()
    key = None
    try:
        cache = caches[alias]
        key = _key(cache, question)
        answer = cache.get(key) if key else None
    except Exception as error:
        answer = _failed(error)
    if answer is None:
        answer = ask()
        _store(alias, key, answer)
    return answer


def forget_on_commit() -> None:
    """Make every stored answer unfindable once the running transaction is committed (now, if there is none).

    Call it with every change of a membership, a segment, an audience or the place of a page in the tree.
    """
    if get_settings().SHARED_CACHE is not None:
        from .models import Membership

        transaction.on_commit(forget, using=router.db_for_write(Membership), robust=True)


def forget() -> None:
    """Make every stored answer unfindable at once."""
    alias = get_settings().SHARED_CACHE
    if alias is None:
        return
    try:
        caches[alias].set(_GENERATION, uuid4().hex, timeout=None)
    except Exception as error:
        _failed(error)


def _key(cache: BaseCache, question: tuple) -> str | None:
    generation = cache.get(_GENERATION)
    if generation is None:
        cache.add(_GENERATION, uuid4().hex, timeout=None)
        generation = cache.get(_GENERATION)
    if generation is None:
        return None
    digest = hashlib.blake2b(repr(question).encode(), digest_size=16).hexdigest()
    return f"wagtail_personalize.{generation}.{digest}"


def _store(alias: str, key: str | None, answer: Any) -> None:
    if key is None:
        return
    try:
        caches[alias].set(key, answer, timeout=LIFETIME)
    except Exception as error:
        _failed(error)


def _failed(error: Exception) -> None:
    logger.warning("The shared cache does not answer (%s); the database is asked instead.", error)
