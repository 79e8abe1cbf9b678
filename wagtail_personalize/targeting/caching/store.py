"""Where variants are kept: any cache of Django's, by the alias in ``CONTENT_CACHE``.

A cache may be empty, slow to answer or away at any time: then pages are rendered, and nothing else happens. At most 64
variants of an address or fragment are stored in one generation; whoever would need a further one is rendered for.

Recipes are also remembered in the process, so that a hit asks the cache once. Such a recipe may be out of date; then it
leads to nothing, and the one in the cache is asked for.
"""

import logging
from collections.abc import Callable, Iterator
from typing import Any

from django.core.cache import BaseCache, caches
from django.utils import timezone

from wagtail_personalize.conf import get_settings
from wagtail_personalize.segments.viewer import Viewer

from .keys import Recipe, key_of
from .uses import Uses

logger = logging.getLogger(__name__)

MOST_VARIANTS = 64
#: So many recipes are remembered by a process, a few hundred bytes each.
_MOST_REMEMBERED = 2_000
_remembered: dict[tuple[str | None, str], Recipe] = {}


def recipes(name: tuple) -> Iterator[Recipe]:
    """What an address or fragment is known to use: first as this process remembers it, then as the cache has it now."""
    known = _remembered.get(_place(name))
    if known is not None:
        yield known
    found = find_recipe(name)
    if found is not None and found != known:
        yield found


def find_recipe(name: tuple) -> Recipe | None:
    """What an address or fragment of this name is known to use."""
    raw = _ask(lambda cache: cache.get(key_of("recipe", name)))
    try:
        recipe = raw and Recipe.from_raw(raw)
    except (TypeError, KeyError):  # stored by another version of this package
        return None
    if recipe:
        _remember(name, recipe)
    return recipe


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
    _remember(name, recipe)


def _remember(name: tuple, recipe: Recipe) -> None:
    if len(_remembered) >= _MOST_REMEMBERED:
        _remembered.clear()
    _remembered[_place(name)] = recipe


def _place(name: tuple) -> tuple[str | None, str]:
    return get_settings().CONTENT_CACHE, key_of("recipe", name)


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
