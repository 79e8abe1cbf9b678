"""What a block in its stored form is made of, as far as everybody may see it.

Whoever reads the content of a page for all (its hashtags, its format) goes through here, so that what is meant for some
stays out of each of them: of a block with an audience only what is for all, of variants only the default.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from wagtail import blocks

from wagtail_personalize.targeting.blocks import AudienceMixin, VariantsBlock

#: A block and its value in stored form.
Part = tuple[Any, Any]


def parts_for_all(block: Any, raw: Any) -> Iterator[Part] | None:
    """The blocks inside ``block``; ``None`` for one that is not made of others."""
    for kind, inside in _MADE_OF_OTHERS:
        if isinstance(block, kind):
            return inside(block, raw)
    return None


def _variants(block: VariantsBlock, raw: Mapping[str, Any]) -> Iterator[Part]:
    yield block.child_blocks["default"], block.content_for_all(raw)


def _stream(block: blocks.BaseStreamBlock, raw: Any) -> Iterator[Part]:
    for child in raw:
        if child and (definition := block.child_blocks.get(child["type"])):
            yield definition, child["value"]


def _list(block: blocks.ListBlock, raw: Any) -> Iterator[Part]:
    for item in raw:
        yield block.child_block, item["value"] if block._item_is_in_block_format(item) else item


def _struct(block: blocks.BaseStructBlock, raw: Any) -> Iterator[Part]:
    if "content" in block.child_blocks and not (isinstance(raw, Mapping) and "content" in raw):
        raw = {"content": raw}  # stored before the block was wrapped
    if not isinstance(raw, Mapping) or (isinstance(block, AudienceMixin) and not block.is_for_all(raw)):
        return
    for name, child in block.child_blocks.items():
        yield child, raw.get(name)


#: The first that fits counts.
_MADE_OF_OTHERS = (
    (VariantsBlock, _variants),
    (blocks.BaseStreamBlock, _stream),
    (blocks.ListBlock, _list),
    (blocks.BaseStructBlock, _struct),
)
