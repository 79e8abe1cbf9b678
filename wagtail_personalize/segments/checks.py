"""System checks: wrong wiring of the viewer and of condition types is told at start-up, with what to do."""

from collections.abc import Iterator
from inspect import isclass
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.core.checks import CheckMessage, Error
from django.middleware.cache import UpdateCacheMiddleware
from django.utils.module_loading import import_string

from wagtail_personalize.conf import get_settings

from .middleware import ViewerMiddleware
from .rules import conditions
from .rules.conditions.registering import faults_of_watches

_VIEWER = "wagtail_personalize.segments.middleware.ViewerMiddleware"
#: Caches that other processes do not see, or that keep nothing.
_PRIVATE_CACHES = ("locmem.LocMemCache", "dummy.DummyCache")


def check_segments(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """All checks of this room."""
    return [*_middleware(), *_shared_cache(), *_condition_types()]


def _middleware() -> Iterator[CheckMessage]:
    viewer = _place_of(ViewerMiddleware)
    if viewer is None:
        yield Error(
            "Nobody tells for whom a page is shown, so every visitor counts as anonymous.",
            hint=f"Add '{_VIEWER}' to MIDDLEWARE, behind AuthenticationMiddleware.",
            id="personalize_segments.E001",
        )
    elif viewer < (_place_of(AuthenticationMiddleware) or 0):
        yield Error(
            "ViewerMiddleware stands before AuthenticationMiddleware and asks for a user that is not known yet.",
            hint=f"Move '{_VIEWER}' behind AuthenticationMiddleware.",
            id="personalize_segments.E002",
        )
    elif viewer < (_place_of(UpdateCacheMiddleware) or 0):
        yield Error(
            "A cache of whole pages stands behind ViewerMiddleware and would give one person's page to others.",
            hint=f"Move '{_VIEWER}' behind the cache middleware.",
            id="personalize_segments.E003",
        )


def _shared_cache() -> Iterator[CheckMessage]:
    alias = get_settings().SHARED_CACHE
    if alias is None:
        return
    backend = settings.CACHES.get(alias, {}).get("BACKEND", "")
    if not backend:
        yield Error(
            f"WAGTAIL_PERSONALIZE['SHARED_CACHE'] is '{alias}', but CACHES has no such cache.",
            hint="Name a cache of CACHES that all processes share, or leave SHARED_CACHE out.",
            id="personalize_segments.E004",
        )
    elif backend.endswith(_PRIVATE_CACHES):
        yield Error(
            f"WAGTAIL_PERSONALIZE['SHARED_CACHE'] is '{alias}', a cache that other processes do not see: a right that"
            " was lost would live on in them.",
            hint="Use a cache that all processes share, such as Redis or Memcached, or leave SHARED_CACHE out.",
            id="personalize_segments.E005",
        )


def _condition_types() -> Iterator[CheckMessage]:
    known = set(conditions.all_types().values())
    found = [*conditions.refused, *(sentence for one in known for sentence in faults_of_watches(one))]
    for sentence in sorted(found):
        yield Error(
            sentence,
            hint="See the page “Own condition types” of the documentation.",
            id="personalize_segments.E006",
        )


def _place_of(middleware: type) -> int | None:
    """The position of a middleware or of a subclass of it; the last one counts."""
    places = [place for place, path in enumerate(settings.MIDDLEWARE) if _is_a(path, middleware)]
    return places[-1] if places else None


def _is_a(path: str, middleware: type) -> bool:
    try:
        found = import_string(path)
    except ImportError:
        return False
    return isclass(found) and issubclass(found, middleware)
