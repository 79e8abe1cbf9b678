"""The one way to put something around a function of Wagtail, where it offers no hook.

What is wrapped stands where ``wrap`` is called (``doors/``, ``actions.py``, ``choosing.py``): once per process, when
the apps are ready.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

_AROUND = "_personalize_around"


def wrap(owner: Any, name: str, around: Callable[..., Any]) -> None:
    """Call ``around(original, *args, **kwargs)`` instead of ``owner.name``; the same a second time does nothing."""
    original = getattr(owner, name)
    placed = getattr(original, _AROUND, frozenset())
    if around in placed:
        return

    @wraps(original)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        return around(original, *args, **kwargs)

    setattr(wrapped, _AROUND, placed | {around})
    setattr(owner, name, wrapped)
