"""Whether the browser of the request that is being answered wants no measurement.

Whoever tells what happened knows the viewer, not the request; so the beginning of each request is noted.
"""

from contextvars import ContextVar
from typing import Any

from django.core.signals import request_started

_refuses: ContextVar[bool] = ContextVar("wagtail_personalize.engagement.refuses", default=False)


def browser_refuses() -> bool:
    """Outside of requests nothing refuses."""
    return _refuses.get()


def _begin(environ: dict[str, Any] | None = None, scope: dict[str, Any] | None = None, **kwargs: Any) -> None:
    if environ is not None:
        said = environ.get("HTTP_DNT"), environ.get("HTTP_SEC_GPC")
    else:
        headers = dict((scope or {}).get("headers", ()))
        said = tuple(headers.get(name, b"").decode("latin1") for name in (b"dnt", b"sec-gpc"))
    _refuses.set("1" in said)


def connect() -> None:
    request_started.connect(_begin, dispatch_uid="wagtail_personalize.engagement.refusing")
