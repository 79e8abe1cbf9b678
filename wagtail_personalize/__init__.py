"""Audience segments, targeted pages and blocks for any Wagtail-based intranet.

The four verbs a site needs are re-exported here and load lazily, so that importing the package never
imports models before Django's app registry is ready.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_VERBS = {
    "viewer_for": "wagtail_personalize.segments.viewer",
    "visible": "wagtail_personalize.targeting.visibility",
    "can_see": "wagtail_personalize.targeting.visibility",
    "record": "wagtail_personalize.hookspecs",
}

__all__ = ["can_see", "record", "viewer_for", "visible"]


def __getattr__(name: str) -> Any:
    if name in _VERBS:
        return getattr(import_module(_VERBS[name]), name)
    raise AttributeError(f"module 'wagtail_personalize' has no attribute {name!r}")
