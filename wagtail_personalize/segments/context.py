"""The viewer where no request can be passed on.

Rich text links and the iteration of a stream in a template get no context from Wagtail; only there the viewer comes
from here. Unset means anonymous, so a feed, an e-mail or a job shows nothing that was meant for somebody.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from .viewer import Viewer

_viewer: ContextVar[Viewer | None] = ContextVar("wagtail_personalize.viewer", default=None)


def current_viewer() -> Viewer:
    """For whom this is being rendered."""
    return _viewer.get() or Viewer.anonymous()


def is_viewed() -> bool:
    """Whether this is done for somebody, and not by a command or a job."""
    return _viewer.get() is not None


@contextmanager
def viewing_as(viewer: Viewer) -> Iterator[Viewer]:
    """Render what is inside the block for ``viewer``."""
    token = _viewer.set(viewer)
    try:
        yield viewer
    finally:
        _viewer.reset(token)
