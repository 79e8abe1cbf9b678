"""The views that the site's URLconf leads to."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.urls import URLPattern, get_resolver


def url_views() -> Iterator[Callable[..., Any]]:
    """Each view of the URLconf, as it stands there: with whatever was wrapped around it."""
    seen: set[int] = set()
    for view in _views(get_resolver().url_patterns):
        if id(view) not in seen:
            seen.add(id(view))
            yield view


def plain(view: Any) -> Any:
    """The view itself, without decorators: a class, or a function."""
    while True:
        kind = getattr(view, "cls", None) or getattr(view, "view_class", None)
        if kind is not None or not hasattr(view, "__wrapped__"):
            return kind or view
        view = view.__wrapped__


def name_of(view: Any) -> str:
    inner = plain(view)
    return f"{inner.__module__}.{getattr(inner, '__qualname__', type(inner).__qualname__)}"


def _views(patterns: Sequence[Any]) -> Iterator[Callable[..., Any]]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.callback
        else:
            yield from _views(pattern.url_patterns)
