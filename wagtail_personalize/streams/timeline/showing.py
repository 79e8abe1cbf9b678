"""What the templates of the timeline need: for its pages, the block and the tag."""

from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse

from wagtail_personalize.segments.viewer import Viewer

from ..follow_control import as_control
from ..subscribing.reading import source_ids_of
from .keys import END
from .looks import NEWS, TIMELINE, last_look
from .must_know import must_know
from .reading import ITEMS_PER_PART, Item, Part, all_news, personal
from .recommending import Recommended, mixed, recommended, room_for
from .slot import slot_for
from .wanted import Wanted
from .why import Why, because, why

#: After how many items the slot for something new stands.
SLOT_AFTER = 3
URLS = {TIMELINE: "wagtail_personalize:timeline", NEWS: "wagtail_personalize:all_news"}


#: What is asked for where nothing is.
EVERYTHING = Wanted()


@dataclass(frozen=True)
class Entry:
    """An item as it is shown."""

    item: Item
    reasons: list[Why]
    is_recommended: bool = False


def part_shown(
    name: str, viewer: Viewer, after: int | None, number: int = ITEMS_PER_PART, wanted: Wanted = EVERYTHING
) -> dict[str, Any]:
    """One part of a list, and the address of the next one."""
    if name == TIMELINE:
        part = personal(viewer, after, number, wanted.formats, wanted.sources)
        entries = _with_recommended(part, viewer, after, wanted)
    else:
        part = all_news(viewer, after, number, wanted.formats)
        entries = [Entry(item, []) for item in part.items]
    return {
        "name": name,
        "part": part,
        "newest": max((entry.item.key for entry in entries), default=0),
        "entries": entries,
        "more_url": wanted.url(reverse(URLS[name]), after=part.after) if part.after else "",
        "is_first": after is None,
    }


def page_shown(
    name: str, viewer: Viewer, after: int | None, next_url: str, wanted: Wanted = EVERYTHING
) -> dict[str, Any]:
    """A page of its own, with the links to its filters."""
    context, address = part_shown(name, viewer, after, wanted=wanted), reverse(URLS[name])
    return (
        context
        | _around(context, name, viewer, after, next_url, wanted)
        | {
            "wanted": wanted,
            "format_choices": wanted.format_choices(address),
            "filter_choices": wanted.filter_choices(address),
            "first_url": wanted.url(address),
        }
    )


def block_shown(viewer: Viewer, number: int, next_url: str) -> dict[str, Any]:
    """The timeline on another page: its beginning; *load more* goes on from there."""
    if viewer.person_id is None:
        viewer.mark()
        return {"is_person": False}
    context = part_shown(TIMELINE, viewer, None, number)
    return context | _around(context, TIMELINE, viewer, None, next_url) | {"next_url": next_url}


def _with_recommended(part: Part, viewer: Viewer, after: int | None, wanted: Wanted) -> list[Entry]:
    """What reaches the reader, and among it what is recommended to them; not in a filter of certain sources."""
    reasons = why(part.items, viewer)
    least = part.after or 0
    room = room_for(part.items) if wanted.sources is None else 0
    found = recommended(viewer, room, least=least, before=after or END, formats=wanted.formats, with_known=False)
    look = last_look(viewer, TIMELINE) if found and not viewer.is_preview else END
    return [
        Entry(replace(one.item, is_unseen=one.item.key > look), [because(one)], True)
        if isinstance(one, Recommended)
        else Entry(one, reasons.get(one.key, []))
        for one in mixed(part.items, found)
    ]


def _around(
    context: dict[str, Any],
    name: str,
    viewer: Viewer,
    after: int | None,
    next_url: str,
    wanted: Wanted = EVERYTHING,
) -> dict[str, Any]:
    """What stands around the items of the first part: on top, among them, and in their place."""
    part: Part = context["part"]
    is_person = viewer.person_id is not None
    is_top = is_person and name == TIMELINE and after is None and wanted.saved is None and wanted.format is None
    slot = slot_for(viewer) if is_top else None
    is_empty = is_top and not part.items
    return {
        "is_person": is_person,
        "next_url": next_url,
        "must_know": must_know(viewer) if is_top else [],
        "slot": slot,
        "slot_control": as_control(slot.shown, None, {}, next_url) if slot else None,
        "slot_after": min(SLOT_AFTER, len(part.items)),
        "is_empty": is_empty,
        "follows_something": is_empty and source_ids_of(viewer.person_id).exists(),
        "meanwhile": all_news(viewer, number=3).items if is_empty else [],
        "may_look": is_person
        and after is None
        and not viewer.is_preview
        and wanted.saved is None
        and wanted.format is None
        and any(entry.item.is_unseen for entry in context["entries"]),
    }
