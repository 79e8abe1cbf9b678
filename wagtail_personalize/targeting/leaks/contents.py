"""The texts of a page and of its blocks, as stored, each with what hides it.

Texts come from every field of the page that holds words, from its child objects (inline panels) and from its streams.
A block that hides itself from some viewers (``hides``, see ``stream_values.py``) is named with its texts; a variant
that is not meant for a viewer is hidden from them as well, and one that is switched off from everybody.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from modelcluster.models import ClusterableModel, get_all_child_relations
from wagtail import blocks
from wagtail.fields import StreamField

from wagtail_personalize.segments.viewer import Viewer

from ..blocks.targeted import Targeted
from ..blocks.variants import VariantsBlock
from ..blocks.verdicts import admits

Hides = Callable[[Viewer], bool]
_NO_TEXTS = frozenset(["path", "url_path", "slug", "content_type", "translation_key", "draft_title"])
_WITH_WORDS = (blocks.CharBlock, blocks.TextBlock, blocks.RichTextBlock, blocks.RawHTMLBlock)


@dataclass(frozen=True)
class Text:
    """A text and all that must not hide it for somebody to see it."""

    text: str
    hides: tuple[Hides, ...] = ()

    def is_hidden_from(self, viewer: Viewer) -> bool:
        return any(hides(viewer) for hides in self.hides)


def texts_of(obj: models.Model) -> Iterator[Text]:
    """Everything that is written in an object and in what belongs to it."""
    for field in obj._meta.get_fields():
        if not getattr(field, "concrete", False) or field.name in _NO_TEXTS or getattr(field, "choices", None):
            continue
        if isinstance(field, StreamField):
            stream = getattr(obj, field.name)
            yield from _in_stream(stream.stream_block, list(stream.raw_data), ())
        elif isinstance(field, models.CharField | models.TextField):
            yield from _if_text(getattr(obj, field.attname))
    if isinstance(obj, ClusterableModel):
        yield from _in_children(obj)


def _in_children(obj: ClusterableModel) -> Iterator[Text]:
    for relation in get_all_child_relations(type(obj)):
        name = relation.get_accessor_name()
        if name and not relation.related_model._meta.app_label.startswith("wagtail"):
            for child in getattr(obj, name).all():
                yield from texts_of(child)


def _if_text(value: Any, hides: tuple[Hides, ...] = ()) -> Iterator[Text]:
    if isinstance(value, str) and value.strip():
        yield Text(value, hides)


def _in_block(block: blocks.Block, raw: Any, hides: tuple[Hides, ...]) -> Iterator[Text]:
    if isinstance(block, VariantsBlock):
        yield from _in_variants(block, raw, hides)
        return
    if isinstance(block, Targeted) and not (isinstance(raw, Mapping) and {"content", "audience"} <= raw.keys()):
        yield from _in_block(block.content, raw, hides)  # as it was before the block was wrapped
        return
    if hasattr(block, "hides") and raw is not None:
        hides = (*hides, _hidden_by(block, raw))
    if isinstance(block, blocks.BaseStreamBlock):
        yield from _in_stream(block, raw, hides)
    elif isinstance(block, blocks.ListBlock):
        for item in raw or ():
            yield from _in_block(block.child_block, _item(block, item), hides)
    elif isinstance(block, blocks.BaseStructBlock) and isinstance(raw, Mapping):
        for name, child in block.child_blocks.items():
            yield from _in_block(child, raw.get(name), hides)
    elif isinstance(block, _WITH_WORDS):
        yield from _if_text(raw, hides)
    else:
        yield from _unknown(raw, hides)


def _hidden_by(block: Any, raw: Any) -> Hides:
    return lambda viewer: block.hides(raw, viewer)


def _in_stream(block: blocks.BaseStreamBlock, raw: Any, hides: tuple[Hides, ...]) -> Iterator[Text]:
    for child in raw or ():
        if isinstance(child, Mapping) and child.get("type") in block.child_blocks:
            yield from _in_block(block.child_blocks[child["type"]], child.get("value"), hides)


def _item(block: blocks.ListBlock, item: Any) -> Any:
    return item["value"] if block._item_is_in_block_format(item) else item


def _in_variants(block: VariantsBlock, raw: Any, hides: tuple[Hides, ...]) -> Iterator[Text]:
    """Each variant, hidden from those it is not meant for; the default is what everybody else sees."""
    content = block.child_blocks["default"]
    for variant in block._variants(raw or {}):
        yield from _in_block(content, variant.get("content"), (*hides, _not_meant(variant)))
    yield from _in_block(content, (raw or {}).get("default"), hides)


def _not_meant(variant: Mapping[str, Any]) -> Hides:
    return lambda viewer: not variant.get("on") or not admits(variant.get("audience"), viewer)


def _unknown(raw: Any, hides: tuple[Hides, ...]) -> Iterator[Text]:
    """What a block that nobody knows holds: strings of several words, at any depth."""
    if isinstance(raw, str):
        yield from _if_text(raw if len(raw.split()) > 2 else "", hides)
    elif isinstance(raw, Mapping):
        for inner in raw.values():
            yield from _unknown(inner, hides)
    elif isinstance(raw, list | tuple):
        for inner in raw:
            yield from _unknown(inner, hides)
