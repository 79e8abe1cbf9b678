"""What happens in the rooms below, turned into named calls."""

from collections.abc import Sequence
from typing import Any

from wagtail_personalize import hookspecs

from .backends.server.pending import audiences_changed


def connect() -> None:
    """Listen; called once when the app is ready."""
    hookspecs.audiences_stored.connect(audiences_stored, dispatch_uid="wagtail_personalize.search")


def audiences_stored(changed: Sequence[str], **kwargs: Any) -> None:
    """A search server learns who may see a page."""
    audiences_changed(changed)
