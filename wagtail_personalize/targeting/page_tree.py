"""The site's pages as a tree of materialised paths, whatever its base page model is called."""

from collections.abc import Iterable, Iterator

from django.db.models import Model, Q

from .models import EffectiveAudience

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def page_model() -> type[Model]:
    """The base page model: Wagtail's, or the one that ``WAGTAIL_PAGE_MODEL`` swapped in."""
    return EffectiveAudience._meta.get_field("page").remote_field.model


def upwards(path: str) -> Iterator[str]:
    """``path`` and the paths of its ancestors, the nearest first."""
    step = page_model().steplen
    return (path[:end] for end in range(len(path), 0, -step))


def parent_of(path: str) -> str:
    """The path of the parent, empty for a root."""
    return path[: -page_model().steplen]


def after(path: str) -> str | None:
    """The least path that comes after the whole subtree of ``path``; ``None`` when nothing can come after it."""
    kept = path.rstrip(_DIGITS[-1])
    if not kept:
        return None
    step, raised = page_model().steplen, kept[:-1] + _DIGITS[_DIGITS.index(kept[-1]) + 1]
    return raised.ljust(-(-len(raised) // step) * step, _DIGITS[0])


def topmost(paths: Iterable[str]) -> list[str]:
    """``paths`` without those that lie below another one."""
    kept: set[str] = set()
    for path in sorted(set(paths), key=len):
        if kept.isdisjoint(upwards(path)):
            kept.add(path)
    return sorted(kept)


def range_of(path: str) -> tuple[str, str | None]:
    """The subtree of ``path`` as a range of paths: from the first, up to but not including the second."""
    return path, after(path)


def within(paths: Iterable[str], field: str = "path") -> Q:
    """Pages at or below any of ``paths``, by ranges that any index on the path serves. ``""`` is the whole site."""
    paths = topmost(paths)
    if "" in paths:
        return Q()
    condition = Q(pk__in=[])
    for lower, upper in map(range_of, paths):
        condition |= Q(**{f"{field}__gte": lower}) & (Q(**{f"{field}__lt": upper}) if upper else Q())
    return condition
