"""Finds what a page mainly is, by the blocks of its streams in their stored form.

A block says so itself by ``media_format``; a site's own block may, too. Wagtail's embeds count as video. A page with
documents and no text is a document. Of blocks with an audience only what everybody may see counts, because a format is
shown in lists.
"""

from collections.abc import Collection, Iterator
from functools import cache
from typing import Any

from django.db.models import Model
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.rich_text import RichText

from ..hashtags_stream import content_fields
from ..parts_for_all import parts_for_all
from .models import Format

#: What counts if a page has several, the first one first.
_FIRST = (Format.VIDEO, Format.AUDIO, Format.PICTURES)


def found_in(page: Model) -> Format:
    """The format of one version of a page of its own type."""
    return _meaning({sign for field in content_fields(type(page)) for sign in _of_field(field, page)})


def found_in_stream(block: blocks.Block, raw: Any) -> Format:
    """The same of the value of one block, as it is stored."""
    return _meaning(set(_of_block(block, raw)))


def most(formats: Collection[Format]) -> Format:
    """The format of a page whose versions in several languages have these."""
    for one in (*_FIRST, Format.DOCUMENT):
        if one in formats:
            return one
    return Format.TEXT


def _meaning(signs: Collection[Format]) -> Format:
    found = most([sign for sign in signs if sign in _FIRST])
    if found is Format.TEXT and Format.DOCUMENT in signs and Format.TEXT not in signs:
        return Format.DOCUMENT
    return found


def _of_field(field: Any, page: Model) -> Iterator[Format]:
    value = getattr(page, field.attname)
    if isinstance(field, StreamField):
        yield from _of_block(field.stream_block, list(value.raw_data) if value else [])
    else:
        yield from _of_html(value)


def _of_block(block: blocks.Block, raw: Any) -> Iterator[Format]:
    if raw in (None, "", [], {}):
        return
    if (known := getattr(block, "media_format", None)) is not None:
        yield Format(known)
    elif (known := _of_wagtails(type(block))) is not None:
        yield known
    elif (parts := parts_for_all(block, raw)) is not None:
        for part in parts:
            yield from _of_block(*part)
    elif isinstance(block, blocks.RichTextBlock):
        yield from _of_html(raw)
    elif isinstance(block, blocks.TextBlock):
        yield Format.TEXT


@cache
def _of_wagtails(kind: type[blocks.Block]) -> Format | None:
    """What Wagtail's own media blocks say; by their names, because a site need not have installed their apps."""
    for each in kind.__mro__:
        if (each.__module__, each.__name__) == ("wagtail.embeds.blocks", "EmbedBlock"):
            return Format.VIDEO
        if (each.__module__, each.__name__) == ("wagtail.documents.blocks", "DocumentChooserBlock"):
            return Format.DOCUMENT
    return None


def _of_html(value: Any) -> Iterator[Format]:
    html = value.source if isinstance(value, RichText) else str(value or "")
    if html:
        yield Format.TEXT
    if 'embedtype="media"' in html:
        yield Format.VIDEO
