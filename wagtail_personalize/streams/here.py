"""Where the reader is, so that a form on the page leads back there."""

from typing import Any


def here(context: Any) -> str:
    """The address of the page that is being rendered; empty where there is none to come back to."""
    request = context.get("request")
    return request.get_full_path() if request is not None and request.method in ("GET", "HEAD") else ""
