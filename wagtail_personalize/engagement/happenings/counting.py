"""Counts one thing that somebody did in an ordinary request."""

from typing import Any

from django.db import transaction

from wagtail_personalize.segments.viewer import Viewer

from ..counting.happened import Counted, Happened
from ..counting.storing import store
from ..kinds import Kind
from .refusing import browser_refuses


def count(viewer: Viewer, content: Counted, kind: Kind, **fields: Any) -> None:
    """What a viewer did; not for visitors and previews."""
    if not viewer.is_preview and viewer.person_id is not None:
        count_for(viewer.person_id, content, kind, **fields)


def count_for(person: Any, content: Counted, kind: Kind, **fields: Any) -> None:
    """After the transaction; not for browsers that refuse. Faults go to the log."""
    if not browser_refuses():
        happened = Happened(person, content, kind, **fields)
        transaction.on_commit(lambda: store([happened]), robust=True)
