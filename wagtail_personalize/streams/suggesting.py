"""Which hashtags begin like what somebody types: only those that exist for them."""

from wagtail_personalize.segments.viewer import Viewer

from .hashtag_stream import visible_uses, with_numbers
from .hashtags import key_of
from .models import Hashtag

MOST = 8


def suggestions(typed: str, viewer: Viewer) -> list[Hashtag]:
    """At most eight hashtags, those on most pages first."""
    key = key_of(typed) or key_of(f"{typed}a")[:-1]
    if not key:
        return []
    uses = visible_uses(viewer).filter(hashtag__key__startswith=key)
    return with_numbers(uses, MOST)
