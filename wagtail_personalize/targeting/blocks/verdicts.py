"""Whether a block's stored choice lets a viewer see it: asked for every block, so answered from memory.

Three memories, none of which outlives what it holds: what a choice says (a pure function of its stored form), what it
needs in segment ids (kept with the index of the segments, so under its version), and what was decided for one viewer,
who lives for one request.
"""

from functools import lru_cache
from typing import Any

from wagtail_personalize.segments.index import segment_index
from wagtail_personalize.segments.viewer import Viewer

from ..audience_choice import AudienceChoice
from ..clauses import Needs, holds

#: The stored form as something to look up: include, exclude, starts, ends.
Key = tuple[tuple[str, ...], tuple[str, ...], str | None, str | None]


def admits(raw: Any, viewer: Viewer) -> bool:
    """Whether the stored form of an ``AudienceChoice`` means this viewer, now. What cannot be read admits nobody."""
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
        verdict = known[key] = _decide(key, viewer)
    return verdict


def _decide(key: Key, viewer: Viewer) -> bool:
    """The same as ``AudienceChoice.matches``, from memory where nothing can have changed."""
    choice = _choice(key)
    if choice.unreadable or not choice.is_running():
        return False
    if not choice.include and not choice.exclude:
        return True
    viewer.mark()
    return holds((_needs(choice, key, viewer),), viewer.segment_ids)


@lru_cache(maxsize=4096)
def _choice(key: Key) -> AudienceChoice:
    include, exclude, starts, ends = key
    return AudienceChoice.from_raw({"include": list(include), "exclude": list(exclude), "starts": starts, "ends": ends})


def _needs(choice: AudienceChoice, key: Key, viewer: Viewer) -> Needs | None:
    index = segment_index(viewer)
    kept = index.__dict__.setdefault("_needs_of_blocks", {})
    try:
        return kept[key]
    except KeyError:
        return kept.setdefault(key, choice.clause.needs(index))


def is_for_all(raw: Any) -> bool:
    """Whether everybody sees this from now on, so that it may stand in the search index."""
    choice = AudienceChoice.from_raw(raw)
    return choice.clause.is_everyone and choice.ends is None and not choice.unreadable and choice.is_running()
