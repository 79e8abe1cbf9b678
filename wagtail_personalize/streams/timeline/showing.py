"""What the templates of the timeline need: for its pages, the block and the tag."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from wagtail_personalize.segments.viewer import Viewer

from ..follow_control import control
from ..subscribing.reading import source_ids_of
from .looks import NEWS, TIMELINE
from .must_know import must_know
from .reading import ITEMS_PER_PART, Item, Part, all_news, personal
from .slot import slot_for
from .why import Why, why

#: After how many items the slot for something new stands.
SLOT_AFTER = 3
URLS = {TIMELINE: "wagtail_personalize:timeline", NEWS: "wagtail_personalize:all_news"}


@dataclass(frozen=True)
class Entry:
    """An item as it is shown."""

    item: Item
    reasons: list[Why]


def part_shown(name: str, viewer: Viewer, after: int | None, number: int = ITEMS_PER_PART) -> dict[str, Any]:
    """One part of a list, and the address of the next one."""
    part = (personal if name == TIMELINE else all_news)(viewer, after, number)
    reasons = why(part.items, viewer) if name == TIMELINE else {}
    return {
        "name": name,
        "part": part,
        "entries": [Entry(item, reasons.get(item.key, [])) for item in part.items],
        "more_url": f"{reverse(URLS[name])}?after={part.after}" if part.after else "",
        "is_first": after is None,
    }


def page_shown(name: str, viewer: Viewer, after: int | None, next_url: str) -> dict[str, Any]:
    """A page of its own."""
    context = part_shown(name, viewer, after)
    return context | _around(context["part"], name, viewer, after, next_url)


def block_shown(viewer: Viewer, number: int, next_url: str) -> dict[str, Any]:
    """The timeline on another page: its beginning; *load more* goes on from there."""
    if viewer.person_id is None:
        viewer.mark()
        return {"is_person": False}
    context = part_shown(TIMELINE, viewer, None, number)
    return context | _around(context["part"], TIMELINE, viewer, None, next_url) | {"next_url": next_url}


def _around(part: Part, name: str, viewer: Viewer, after: int | None, next_url: str) -> dict[str, Any]:
    """What stands around the items of the first part: on top, among them, and in their place."""
    is_person = viewer.person_id is not None
    is_top = is_person and name == TIMELINE and after is None
    slot = slot_for(viewer) if is_top else None
    is_empty = is_top and not part.items
    return {
        "is_person": is_person,
        "next_url": next_url,
        "must_know": must_know(viewer) if is_top else [],
        "slot": slot,
        "slot_control": control(slot.shown, viewer, next_url=next_url) if slot else None,
        "slot_after": min(SLOT_AFTER, len(part.items)),
        "is_empty": is_empty,
        "follows_something": is_empty and source_ids_of(viewer.person_id).exists(),
        "meanwhile": all_news(viewer, number=3).items if is_empty else [],
        "may_look": is_person and after is None and not viewer.is_preview and bool(part.unseen),
    }
