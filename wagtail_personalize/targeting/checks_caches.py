"""System checks: does a cache keep what was made for one person and give it to another?

Caches of whole pages (middleware, ``cache_page``) are told from the settings and the URLconf. Fragments are told from
the sources of the templates: those between ``{% cache %}`` and its end that are personalised by what they contain.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning
from django.middleware.cache import CacheMiddleware
from wagtail.views import serve

from .marked import is_for_everybody
from .template_sources import TemplateSource, is_installed_module, template_sources
from .url_views import name_of, plain, url_views

_VIEWER = "wagtail_personalize.segments.middleware.ViewerMiddleware"
_KEEPERS = ("UpdateCacheMiddleware", "wagtailcache.cache.CacheMiddleware")

_CACHE = re.compile(r"{%-?\s*(?P<tag>cache|wagtailcache|wagtailpagecache)\s+(?P<arguments>[^%]*?)-?%}")
_PERSONAL = re.compile(
    r"{%-?\s*(?:audience|visible_pages|include_block|personalized_menu|announcements)\b|\|\s*(?:visible|shown|in_segment)\b"
    r"|\b(?:request\.)?(?:viewer|user)\.\w"
)
_VISIBLE_AS = re.compile(r"{%-?\s*visible_pages\b[^%]*?\bas\s+(\w+)")
_INCLUDE = re.compile(r"{%-?\s*include\s+[\"']([^\"']+)[\"']")
#: A fragment whose name holds one of these has a copy for each.
_OWN_KEY = re.compile(r"\b(?:viewer|user|session)\b")


def check_page_caches() -> Iterator[CheckMessage]:
    """Quick: settings and URLconf."""
    yield from _middleware()
    yield from _cached_views()


def _middleware() -> Iterator[CheckMessage]:
    order = list(settings.MIDDLEWARE)
    behind = order[order.index(_VIEWER) + 1 :] if _VIEWER in order else []
    for path in behind:
        if path.endswith(_KEEPERS) and not path.startswith("django."):
            yield Warning(
                f"{path} stands behind ViewerMiddleware, so it stores pages before they are marked as personal.",
                hint=f"Move '{path}' before '{_VIEWER}'.",
                id="personalize_targeting.W012",
            )


def _cached_views() -> Iterator[CheckMessage]:
    for view in url_views():
        inner = plain(view)
        if (inner is serve or not is_installed_module(inner.__module__)) and _is_cached(view):
            yield Warning(
                f"{name_of(view)} is wrapped in cache_page, which stores its answer before it is marked as personal.",
                hint="Take cache_page away, or silence this if the view shows the same to everybody.",
                id="personalize_targeting.W013",
            )


def _is_cached(view: Any) -> bool:
    """Whether ``cache_page`` is among the decorators."""
    while view is not None:
        if _holds_cache(view, depth=2):
            return True
        view = getattr(view, "__wrapped__", None)
    return False


def _holds_cache(function: Any, depth: int) -> bool:
    """Whether a function remembers the middleware that ``cache_page`` made, itself or by a function of its own."""
    found = [_content(cell) for cell in getattr(function, "__closure__", None) or ()]
    return any(isinstance(each, CacheMiddleware) or (depth and _holds_cache(each, depth - 1)) for each in found)


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return None


def check_fragments() -> Iterator[CheckMessage]:
    """Slow: reads the site's own templates."""
    sources = list(template_sources())
    for source in sources:
        names = set(_VISIBLE_AS.findall(source.text))
        for found in _CACHE.finditer(source.text):
            inside = _inside(source, found)
            if _OWN_KEY.search(found["arguments"]) or is_for_everybody(source.text, found.start()):
                continue
            if _is_personal(inside, names) or any(_is_personal(text, set()) for text in _included(inside, sources)):
                yield _shared_fragment(source, found)


def _shared_fragment(source: TemplateSource, found: re.Match[str]) -> CheckMessage:
    return Warning(
        f"{source.path}, line {source.line_of(found.start())}: {{% {found['tag']} %}} keeps one copy for all of what"
        " depends on who looks.",
        hint="Use {% personalized_cache %} of personalize_tags, or take what is personal out of the fragment.",
        id="personalize_targeting.W014",
    )


def _inside(source: TemplateSource, found: re.Match[str]) -> str:
    end = re.compile(rf"{{%-?\s*end{found['tag']}\b").search(source.text, found.end())
    return source.text[found.end() : end.start() if end else None]


def _is_personal(text: str, names: set[str]) -> bool:
    return bool(_PERSONAL.search(text)) or any(re.search(rf"\b{re.escape(name)}\b", text) for name in names)


def _included(text: str, sources: list[TemplateSource]) -> Iterator[str]:
    """What is included by name, one step down."""
    names = tuple(f"/{name}" for name in _INCLUDE.findall(text))
    return (source.text for source in sources if names and source.path.as_posix().endswith(names))
