"""Facts about a viewer that a page may depend on without being personal: few people's pages become many people's."""

from collections.abc import Callable, Hashable, Iterable
from typing import Any

from wagtail_personalize.segments.viewer import Viewer

ADMIN_PERMISSION = "wagtailadmin.access_admin"


def _is_known(viewer: Viewer) -> bool:
    return viewer._person_id is not None


def _is_authenticated(viewer: Viewer) -> bool:
    return bool(getattr(viewer._user, "is_authenticated", False))


def _is_editor(viewer: Viewer) -> bool:
    return _is_authenticated(viewer) and viewer._user.has_perm(ADMIN_PERMISSION)


FACTS: dict[str, Callable[[Viewer], Hashable]] = {
    "known": _is_known,
    "authenticated": _is_authenticated,
    "editor": _is_editor,
}


def values(names: Iterable[str], viewer: Viewer) -> tuple[Hashable, ...]:
    """Whether each of these facts is true of the viewer, in the order of their names."""
    listener, viewer.listener = viewer.listener, None
    try:
        return tuple(FACTS[name](viewer) for name in sorted(names))
    finally:
        viewer.listener = listener


def register_fact(name: str, function: Callable[[Viewer], Hashable]) -> None:
    """Declare something that pages may depend on: few answers, cheap to find, about nobody in particular."""
    FACTS[name] = function


def fact(viewer: Viewer, name: str) -> Any:
    """The answer to a declared fact; what is rendered with it is kept for all viewers with the same answer."""
    if viewer.listener is not None:
        viewer.listener.fact(name)
    return values([name], viewer)[0]
