"""Streams and lists as one viewer sees them.

Python code that reads ``page.body`` always sees every block: editing, cleaning, saving, copying and references must
lose nothing. A *template* sees what is meant for its viewer. Templates and Python differ in one thing: Django's
template engine calls what is callable. So the values of streams and lists answer that call (``template_calls.py``) with
what this module finds, at any depth and in both forms, ``{% for block in page.body %}`` and
``{% include_block page.body %}``. See ``docs/decisions/0002-hidden-blocks.md``.

A block definition takes part by a method ``hides(value, viewer)``, where ``value`` is stored data or a converted
value; hidden children are dropped before anything is converted, and a stream with nothing hidden is used as it is.
"""

from collections.abc import Callable
from typing import Any

from wagtail.blocks import BaseStreamBlock, Block, StreamValue
from wagtail.blocks.list_block import ListValue

from wagtail_personalize.segments.context import current_viewer
from wagtail_personalize.segments.viewer import Viewer

#: Whether a block hides ``value``, stored data or a converted value, from a viewer.
Hides = Callable[[Any, Viewer], bool]


def shown(value: Any, viewer: Viewer | None = None) -> Any:
    """What ``viewer`` sees of a block value: the value itself when nothing of it is hidden, else a copy without that.

    Without ``viewer``: whoever it is being rendered for, anonymous when nobody knows.
    """
    if isinstance(value, StreamValue):
        return _shown_stream(value, viewer)
    if isinstance(value, ListValue):
        return _shown_list(value, viewer)
    shown_to = getattr(value, "shown_to", None)
    return value if shown_to is None else shown_to(viewer or current_viewer())


def hiding_children(block: Block) -> dict[str, Hides]:
    """What decides about the children of a stream (by name) or list (as ``"item"``); found once per definition."""
    try:
        return block.__dict__["_hiding_children"]
    except KeyError:
        children = block.child_blocks if isinstance(block, BaseStreamBlock) else {"item": block.child_block}
        found = {name: child.hides for name, child in children.items() if hasattr(child, "hides")}
        return block.__dict__.setdefault("_hiding_children", found)


def _shown_stream(stream: StreamValue, viewer: Viewer | None) -> StreamValue:
    hiding = hiding_children(stream.stream_block)
    if not hiding:
        return stream
    hidden = _hidden_places(stream, hiding, viewer or current_viewer())
    if not hidden:
        return stream
    return _narrowed(stream, [place for place in range(len(stream._bound_blocks)) if place not in hidden])


def _hidden_places(stream: StreamValue, hiding: dict[str, Hides], viewer: Viewer) -> set[int]:
    """Goes through every block of every stream, so those that nobody has read yet are told in one expression."""
    bound, raw_data = stream._bound_blocks, stream._raw_data
    if bound.count(None) == len(bound):
        return {
            place
            for place, raw in enumerate(raw_data)
            if (hides := hiding.get(raw["type"])) is not None and hides(raw["value"], viewer)
        }
    children = (
        (raw["type"], raw["value"]) if child is None else (child.block.name, child.value)
        for child, raw in zip(bound, raw_data, strict=True)
    )
    return {place for place, (name, value) in enumerate(children) if name in hiding and hiding[name](value, viewer)}


def _narrowed(stream: StreamValue, kept: list[int]) -> StreamValue:
    """A stream of the kept children only; the same one as last time if the stream has not changed since."""
    narrowed = stream.__dict__.get("_narrowed")
    if narrowed is None or not _still_same(stream, narrowed, kept):
        narrowed = StreamValue(stream.stream_block, [stream._raw_data[place] for place in kept], is_lazy=True)
        narrowed._bound_blocks = [stream._bound_blocks[place] for place in kept]
        narrowed.__dict__.update({k: v for k, v in stream.__dict__.items() if k == "_stream_field"})
        stream._narrowed = narrowed
    return narrowed


def _still_same(stream: StreamValue, narrowed: StreamValue, kept: list[int]) -> bool:
    return len(narrowed) == len(kept) and all(
        stream._raw_data[place] is raw and stream._bound_blocks[place] in (None, bound)
        for place, raw, bound in zip(kept, narrowed._raw_data, narrowed._bound_blocks, strict=True)
    )


def _shown_list(values: ListValue, viewer: Viewer | None) -> ListValue:
    hides = hiding_children(values.list_block).get("item")
    if hides is None:
        return values
    viewer = viewer or current_viewer()
    kept = [child for child in values.bound_blocks if not hides(child.value, viewer)]
    return values if len(kept) == len(values) else ListValue(values.list_block, bound_blocks=kept)
