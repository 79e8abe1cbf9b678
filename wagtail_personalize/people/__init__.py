"""Who works here: the profile declaration, its import and its pages."""

from typing import Any

__all__ = ["changed"]


def __getattr__(name: str) -> Any:
    if name == "changed":
        from .changes import changed

        return changed
    raise AttributeError(f"module 'wagtail_personalize.people' has no attribute {name!r}")
