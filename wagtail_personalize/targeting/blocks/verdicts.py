"""Whether a block's stored choice lets a viewer see it: asked for every block, so answered from memory.

Three memories, none of which outlives what it holds: what a choice says (a pure function of its stored form), what it
needs in segment ids, and what that means for somebody in certain segments. The last two are kept with the index of the
segments, so under its version; they hold no person's rights: whose segments are which is asked in every request. A
choice that begins or ends is decided once for each viewer, who lives for one request.
"""

from functools import lru_cache
from typing import Any

from wagtail_personalize.segments.index import SegmentIndex, segment_index
from wagtail_personalize.segments.viewer import Viewer

from ..audience_choice import AudienceChoice
from ..clauses import Needs, holds, segments_in

#: The stored form as something to look up: include, exclude, starts, ends.
Key = tuple[tuple[str, ...], tuple[str, ...], str | None, str | None]

#: So many decisions at most are remembered in a process, roughly, before it begins anew.
MOST_KEPT = 20_000


def admits(raw: Any, viewer: Viewer) -> bool:
    """Whether the stored form of an ``AudienceChoice`` means this viewer, now. What cannot be read admits nobody."""
    try:
        return viewer.__dict__["_block_verdicts"][
            tuple(raw["include"]), tuple(raw["exclude"]), raw["starts"], raw["ends"]
        ]
    except (KeyError, TypeError):
        return _first(raw, viewer)


class NotKept(dict[Key, bool]):
    """In the place of the decisions made for a viewer who has a listener: each is made, and told, anew."""

    def __getitem__(self, key: Key) -> bool:
        raise KeyError(key)

    def __setitem__(self, key: Key, verdict: bool) -> None:
        """Nothing is kept."""


def is_for_all(raw: Any) -> bool:
    """Whether everybody sees this from now on, so that it may stand in the search index."""
    choice = AudienceChoice.from_raw(raw)
    return choice.clause.is_everyone and choice.ends is None and not choice.unreadable and choice.is_running()


def _first(raw: Any, viewer: Viewer) -> bool:
    """A decision that was not made yet, or about what was not stored in the usual form."""
    try:
        key = (tuple(raw["include"]), tuple(raw["exclude"]), raw["starts"], raw["ends"])
        hash(key)
    except (KeyError, TypeError):
        return AudienceChoice.from_raw(raw).matches(viewer)
    include, exclude, starts, ends = key
    if starts is not None or ends is not None:
        return _timed(key, viewer)
    return _decide(key, viewer) if include or exclude else _choice(key).matches(viewer)


def _timed(key: Key, viewer: Viewer) -> bool:
    """What depends on the moment is decided once for a viewer, and told each time to one who has a listener."""
    if viewer.listener is not None:
        return _choice(key).matches(viewer)
    decided: dict[Key, bool] = viewer.__dict__.setdefault("_timed_verdicts", {})
    if key not in decided:
        decided[key] = _choice(key).matches(viewer)
    return decided[key]


def _decide(key: Key, viewer: Viewer) -> bool:
    """What ``AudienceChoice.matches`` says, by what is known already."""
    index, known, mine = _memory(viewer)
    verdicts = viewer.__dict__.get("_block_verdicts")
    if verdicts is None:
        verdicts = viewer.__dict__["_block_verdicts"] = _verdicts(index, mine)
        if key in verdicts:
            return verdicts[key]
    if key not in known:
        choice = _choice(key)
        known[key] = None if choice.unreadable else choice.clause.needs(index)
    if viewer.listener is not None:
        viewer.listener.segments(segments_in((known[key],)))
    verdicts[key] = verdict = holds((known[key],), mine)
    return verdict


def _verdicts(index: SegmentIndex, mine: frozenset[int]) -> dict[Key, bool]:
    """What was decided, under this index, for whoever is in these segments."""
    kept: dict[frozenset[int], dict[Key, bool]] = index.__dict__.setdefault("_block_verdicts", {})
    if mine not in kept and sum(map(len, kept.values())) + len(kept) > MOST_KEPT:
        kept.clear()
    return kept.setdefault(mine, {})


def _memory(viewer: Viewer) -> tuple[SegmentIndex, dict[Key, Needs | None], frozenset[int]]:
    """The index of the segments, what choices need by it, and the viewer's segments."""
    found = viewer.__dict__.get("_block_memory")
    if found is None:
        viewer.mark()
        index = segment_index(viewer)
        known = index.__dict__.setdefault("_needs_of_blocks", {})
        found = viewer.__dict__["_block_memory"] = (index, known, viewer.unheard_segment_ids)
    return found


@lru_cache(maxsize=4096)
def _choice(key: Key) -> AudienceChoice:
    include, exclude, starts, ends = key
    return AudienceChoice.from_raw({"include": list(include), "exclude": list(exclude), "starts": starts, "ends": ends})
