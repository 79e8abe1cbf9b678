"""Which hashtags are blocked: kept by each process for as long as nothing changes."""

from wagtail_personalize.segments.viewer import Viewer

from .models import VERSION, Hashtag

_kept: tuple[int, frozenset[str]] | None = None


def blocked_keys(viewer: Viewer) -> frozenset[str]:
    """The keys of blocked hashtags and of what stands for one; costs nothing while nothing changes."""
    global _kept
    version = viewer.version(VERSION)
    if _kept is None or _kept[0] != version:
        blocked = Hashtag.objects.filter(blocked=True) | Hashtag.objects.filter(synonym_of__blocked=True)
        _kept = (version, frozenset(blocked.values_list("key", flat=True)))
    return _kept[1]
