"""What was found out for a viewer stays true for the rest of the request, so it is asked once.

A viewer lives for one request, and nothing that is kept here is changed by that request before it is shown. Only what
does not depend on what somebody just chose belongs here: what they may see, and how it is called.
"""

from collections.abc import Callable, Collection, Mapping
from typing import TypeVar

from .viewer import Viewer

Key = TypeVar("Key")
Found = TypeVar("Found")


def asked_once(viewer: Viewer, what: str, ask: Callable[[], Found]) -> Found:
    """What ``ask`` answered when it was asked for this viewer first."""
    known = viewer.__dict__.setdefault("_asked_once", {})
    if what not in known:
        known[what] = ask()
    return known[what]


def found_once(
    viewer: Viewer, what: str, keys: Collection[Key], find: Callable[[list[Key]], Mapping[Key, Found]]
) -> dict[Key, Found]:
    """Those of ``keys`` that there are; only what was not looked for yet is looked for."""
    known: dict[Key, Found | None] = asked_once(viewer, what, dict)
    if missing := [key for key in dict.fromkeys(keys) if key not in known]:
        found = find(missing)
        known.update((key, found.get(key)) for key in missing)
    return {key: one for key in keys if (one := known[key]) is not None}
