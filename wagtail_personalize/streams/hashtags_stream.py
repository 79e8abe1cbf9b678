"""Finds the hashtags of a page of any type: in its title, its rich text fields and the texts of its streams.

Streams are read in their stored form, so that nothing is looked up and a block is never converted. A text block is
read as text, a rich text block as HTML, raw HTML not at all; what the package does not know is asked for what it gives
to the search index. Of blocks with an audience of their own, and of variants, only what everybody may see counts.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.db.models import Model
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.rich_text import RichText

from .hashtags import Hashtag, find, labels
from .hashtags_html import find_in_html
from .parts_for_all import parts_for_all


def hashtags_of(page: Model) -> dict[str, str]:
    """The labels of a page's hashtags by key, in the order in which they appear; ``page`` is of its own type."""
    return labels(_all_of(page))


def find_in_stream(value: blocks.StreamValue) -> Iterator[Hashtag]:
    """The hashtags in a stream, with their positions in the text or rich text in which they stand."""
    yield from _in_block(value.stream_block, value.get_prep_value())


def _all_of(page: Model) -> Iterator[Hashtag]:
    yield from find(page.title)
    for field in content_fields(type(page)):
        value = getattr(page, field.attname)
        if isinstance(field, StreamField):
            yield from _in_block(field.stream_block, list(value.raw_data) if value else [])
        else:
            yield from find_in_html(value.source if isinstance(value, RichText) else value or "")


@cache
def content_fields(model: type[Model]) -> list[Any]:
    """The fields of a page type, besides the title, that hold text of editors."""
    return [field for field in model._meta.concrete_fields if isinstance(field, RichTextField | StreamField)]


def _in_block(block: Any, raw: Any) -> Iterator[Hashtag]:
    """The hashtags of a block in its stored form."""
    if raw is None:
        return
    parts = parts_for_all(block, raw)
    if parts is not None:
        for part in parts:
            yield from _in_block(*part)
        return
    for kind, read in _READERS:
        if isinstance(block, kind):
            yield from read(block, raw)
            return
    yield from _unknown(block, raw)


def _rich_text(block: blocks.Block, raw: Any) -> Iterator[Hashtag]:
    yield from find_in_html(raw.source if isinstance(raw, RichText) else str(raw))


def _text(block: blocks.Block, raw: Any) -> Iterator[Hashtag]:
    yield from find(str(raw))


def _nothing(block: blocks.Block, raw: Any) -> Iterator[Hashtag]:
    yield from ()


def _unknown(block: blocks.Block, raw: Any) -> Iterator[Hashtag]:
    for text in block.get_searchable_content(block.to_python(raw)):
        yield from find(str(text))


#: How each kind of block that is not made of others is read; the first that fits counts.
_READERS = (
    (blocks.RichTextBlock, _rich_text),
    ((blocks.CharBlock, blocks.TextBlock), _text),
    (
        (blocks.RawHTMLBlock, blocks.ChoiceBlock, blocks.MultipleChoiceBlock, blocks.ChooserBlock, blocks.StaticBlock),
        _nothing,
    ),
    ((blocks.URLBlock, blocks.EmailBlock, blocks.BooleanBlock, blocks.DateBlock, blocks.DateTimeBlock), _nothing),
)
