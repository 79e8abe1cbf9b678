"""Whether a block's stored choice lets a viewer see it: asked for every block, so answered from memory."""

from typing import Any

from wagtail_personalize.segments.viewer import Viewer

from ..audience_choice import AudienceChoice


def admits(raw: Any, viewer: Viewer) -> bool:
    """Whether the stored form of an ``AudienceChoice`` means this viewer, now.

    Equal choices are decided once per viewer, who lives for one request; what cannot be read admits nobody.
    """
    if raw is None:
        return True
    try:
        known = viewer.__dict__["_block_verdicts"]
    except KeyError:
        known = viewer.__dict__["_block_verdicts"] = {}
    try:
        key = (tuple(raw["include"]), tuple(raw["exclude"]), raw["starts"], raw["ends"])
        verdict = known.get(key)
    except (KeyError, TypeError):
        return AudienceChoice.from_raw(raw).matches(viewer)
    if verdict is None:
        verdict = known[key] = AudienceChoice.from_raw(raw).matches(viewer)
    return verdict


def is_for_all(raw: Any) -> bool:
    """Whether everybody sees this from now on, so that it may stand in the search index."""
    choice = AudienceChoice.from_raw(raw)
    return choice.clause.is_everyone and choice.ends is None and not choice.unreadable and choice.is_running()
