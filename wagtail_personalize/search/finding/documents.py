"""Documents that the viewer may have."""

from typing import Any

from wagtail.documents import get_document_model

from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.visibility import visible

from .engine import Unavailable, ranked_keys

MOST = 5


def documents_found(words: str, viewer: Viewer) -> list[Any]:
    """The best five; none for anonymous visitors of a site that asks them to sign in is for the door to say."""
    model = get_document_model()
    try:
        keys = ranked_keys(model.objects.all(), words, viewer) if words else []
    except Unavailable:
        return []
    found = visible(model.objects.filter(pk__in=keys), viewer).in_bulk() if keys else {}
    return [found[key] for key in keys if key in found][:MOST]
