"""Which hashtags begin like what somebody types, in any language: only those that exist for them."""

from django.db.models import Q

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
    begins = Q(hashtag__key__startswith=key)
    called = Hashtag.objects.filter(key__startswith=key, synonym_of__isnull=False, blocked=False).values("synonym_of")
    uses = visible_uses(viewer).filter(begins | Q(main__in=called))
    return with_numbers(uses, MOST)
