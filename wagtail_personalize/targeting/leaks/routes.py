"""Addresses that the site's URLconf knows: views without parameters, and views that take the key or slug of a page."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter
from django.utils.regex_helper import normalize

_SEARCHES = re.compile(r"search|find|suggest|complet|lookup|query", re.IGNORECASE)
#: Whoever asks for this is signed out.
LEAVES = re.compile(r"log_?-?out|sign_?-?out", re.IGNORECASE)
_KEY = re.compile(r"(^|_)(pk|id|page|parent)$")
_DIGITS = (r"\d+", "[0-9]+")


@dataclass(frozen=True)
class Route:
    """``path`` has ``%(name)s`` where the one parameter goes, if there is one."""

    path: str
    parameter: str = ""
    #: Whether the parameter is a number; else it is text.
    is_number: bool = False
    searches: bool = False
    is_api: bool = False

    @property
    def takes_key(self) -> bool:
        return bool(self.parameter) and (self.is_number or bool(_KEY.search(self.parameter)))

    @property
    def takes_slug(self) -> bool:
        return "slug" in self.parameter

    def filled(self, value: Any = "") -> str:
        return self.path % {self.parameter: value} if self.parameter else self.path


def routes() -> Iterator[Route]:
    """All that can be asked: no admin, nothing that signs out, at most one parameter."""
    admin = admin_prefixes()
    for route, pattern in _below(Route("/"), get_resolver().url_patterns, frozenset()):
        name = f"{route.path} {pattern.name or ''}"
        if not route.path.startswith(admin) and not LEAVES.search(name):
            view = getattr(pattern.callback, "cls", None)
            yield replace(route, searches=bool(_SEARCHES.search(name)), is_api=hasattr(view, "get_urlpatterns"))


def admin_prefixes() -> tuple[str, ...]:
    """Where Wagtail's and Django's admin are: there page permissions decide, not audiences."""
    found = []
    for name in ("wagtailadmin_home", "admin:index"):
        try:
            found.append(reverse(name))
        except NoReverseMatch:
            continue
    return tuple(prefix for prefix in found if prefix != "/")


def _below(above: Route, patterns: Sequence[Any], seen: frozenset[int]) -> Iterator[tuple[Route, URLPattern]]:
    for pattern in patterns:
        route = _joined(above, pattern)
        if route is None:
            continue
        if isinstance(pattern, URLPattern):
            yield route, pattern
        elif isinstance(pattern, URLResolver) and id(pattern) not in seen:
            yield from _below(route, pattern.url_patterns, seen | {id(pattern)})


def _joined(above: Route, pattern: Any) -> Route | None:
    """``above`` and the pattern's own part, unless that makes two parameters or cannot be written down."""
    expression = pattern.pattern.regex.pattern
    written = normalize(expression)
    if not written:
        return None
    text, names = written[0]
    if not names:
        return replace(above, path=above.path + text.replace("%%", "%") if not above.parameter else above.path + text)
    if above.parameter or len(names) > 1 or names[0].startswith("_"):
        return None
    return Route(above.path + text, names[0], _is_number(pattern.pattern, names[0], expression))


def _is_number(pattern: Any, name: str, expression: str) -> bool:
    converter = getattr(pattern, "converters", {}).get(name)
    return isinstance(converter, IntConverter) or any(f"(?P<{name}>{digits}" in expression for digits in _DIGITS)
