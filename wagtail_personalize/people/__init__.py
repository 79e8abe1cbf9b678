"""Who works here: the profile declaration, its import and its pages."""

from typing import Any

__all__ = ["changed", "set_by"]


def __getattr__(name: str) -> Any:
    if name == "changed":
        from .changes import changed

        return changed
    if name == "set_by":
        from .origins.writing import set_by

        return set_by
    raise AttributeError(f"module 'wagtail_personalize.people' has no attribute {name!r}")
