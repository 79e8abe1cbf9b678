"""Where variants are kept: any cache of Django's, by the alias in ``CONTENT_CACHE``.

A cache may be empty, slow to answer or away at any time: then pages are rendered, and nothing else happens. At most 64
variants of an address or fragment are stored in one generation; whoever would need a further one is rendered for.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache import BaseCache, caches
from django.utils import timezone

from wagtail_personalize.conf import get_settings
from wagtail_personalize.segments.viewer import Viewer

from .keys import Recipe, key_of
from .uses import Uses

logger = logging.getLogger(__name__)

MOST_VARIANTS = 64


def find_recipe(name: tuple) -> Recipe | None:
    """What an address or fragment of this name is known to use."""
    raw = _ask(lambda cache: cache.get(key_of("recipe", name)))
    try:
        return raw and Recipe.from_raw(raw)
    except (TypeError, KeyError):  # stored by another version of this package
        return None


def find(name: tuple, recipe: Recipe, viewer: Viewer) -> dict[str, Any] | None:
    """What was stored for viewers like this one."""
    return _ask(lambda cache: cache.get(_variant_key(name, recipe, viewer)))


def store(name: tuple, recipe: Recipe, uses: Uses, viewer: Viewer, content: dict[str, Any], seconds: float) -> None:
    """Keep ``content`` for viewers like this one, for so many seconds or until it changes by itself."""
    if uses.until is not None:
        seconds = min(seconds, (uses.until - timezone.now()).total_seconds())
    if seconds > 0:
        _ask(lambda cache: _store(cache, name, recipe, viewer, content, seconds))


def _store(
    cache: BaseCache, name: tuple, recipe: Recipe, viewer: Viewer, content: dict[str, Any], seconds: float
) -> None:
    known = cache.get(key_of("recipe", name))
    recipe = recipe.with_more(known and Recipe.from_raw(known))
    key = _variant_key(name, recipe, viewer)
    if cache.get(key) is None and not _has_room(cache, key_of("count", name, recipe.generation(viewer)), seconds):
        return
    cache.set(key_of("recipe", name), recipe.to_raw(), timeout=max(seconds, 60) * 2)
    cache.set(key, content, timeout=seconds)


def _has_room(cache: BaseCache, key: str, seconds: float) -> bool:
    cache.add(key, 0, timeout=max(seconds, 60) * 2)
    try:
        return cache.incr(key) <= MOST_VARIANTS
    except ValueError:  # it was thrown out just now
        return False


def _variant_key(name: tuple, recipe: Recipe, viewer: Viewer) -> str:
    return key_of("variant", name, recipe.generation(viewer), recipe.variant(viewer))


def _ask(question: Callable[[BaseCache], Any]) -> Any:
    alias = get_settings().CONTENT_CACHE
    if alias is None:
        return None
    try:
        return question(caches[alias])
    except Exception as error:
        logger.warning("The cache for pages does not answer (%s); they are rendered instead.", error)
        return None
