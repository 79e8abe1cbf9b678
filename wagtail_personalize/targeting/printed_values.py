"""What is printed of a struct or a list that holds something targeted: what is meant for the viewer, never all of it.

Wagtail prints a list inside a struct without a template, and either in ``{{ value }}``, as Python would show it to a
developer: with every text and every audience in it. Where a definition has nothing that can hide, that stays so.
"""

from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from wagtail.blocks import Block, StructValue
from wagtail.blocks.list_block import ListValue

from wagtail_personalize.segments.context import current_viewer


def attach() -> None:
    """Called once from ``TargetingConfig.ready()``; what it changes is listed here and nowhere else."""
    StructValue.__str__ = lambda value: _printed(value, value.block)
    ListValue.__str__ = lambda value: _printed(value, value.list_block)
    ListValue.__html__ = _list_as_html


def can_hide(block: Block) -> bool:
    """Whether a block, or any inside it, may be hidden from somebody; found once per definition."""
    if "_can_hide" not in block.__dict__:
        children = [*getattr(block, "child_blocks", {}).values(), *filter(None, [getattr(block, "child_block", None)])]
        block.__dict__["_can_hide"] = hasattr(block, "hides") or any(map(can_hide, children))
    return block.__dict__["_can_hide"]


def _printed(value: Any, block: Block) -> str:
    """Without the block's own template, which may be printing its value at this moment."""
    if not can_hide(block):
        return repr(value)
    if hasattr(block, "hides") and block.hides(value, current_viewer()):
        return SafeString()
    return block.render_basic(value)


def _list_as_html(value: ListValue) -> SafeString:
    return str(value) if can_hide(value.list_block) else mark_safe(escape(repr(value)))
