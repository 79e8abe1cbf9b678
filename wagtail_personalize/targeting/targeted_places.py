"""Where an object's streams depend on who looks: each targeted block and each set of variants, in their order."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from wagtail.blocks import BaseStreamBlock, BaseStructBlock, Block, ListBlock
from wagtail.fields import StreamField
from wagtail.rich_text import RichText

from .audience_choice import EVERYONE, AudienceChoice
from .blocks import AudienceMixin, VariantsBlock

#: So much of a text tells an editor which block is meant.
_WORDS_SHOWN = 40


@dataclass(frozen=True)
class Version:
    """One thing that some people see in a place: a block, a variant, or the default of the variants."""

    label: str
    audience: AudienceChoice
    on: bool = True
    is_default: bool = False


@dataclass(frozen=True)
class Place:
    """A place in a stream and what may stand in it: of several versions each person sees the first one meant."""

    label: str
    words: str
    versions: tuple[Version, ...]

    @property
    def has_variants(self) -> bool:
        return self.versions[-1].is_default


def places_of(obj: Model) -> Iterator[Place]:
    """All targeted places of ``obj``; blocks that everyone sees are none."""
    for field in obj._meta.get_fields():
        if isinstance(field, StreamField):
            yield from _places(field.stream_block, field.value_from_object(obj))


def _places(block: Block, value: Any) -> Iterator[Place]:
    if isinstance(block, VariantsBlock):
        yield _variants(block, value)
    elif isinstance(block, AudienceMixin) and value is not None and value.get(block.audience_field) is not None:
        audience = AudienceChoice.from_raw(value.get(block.audience_field))
        words = first_words(value)
        yield Place(str(block.label), words, (Version(str(block.label), audience),))
    for child, inner in _children(block, value):
        yield from _places(child, inner)


def _children(block: Block, value: Any) -> Iterable[tuple[Block, Any]]:
    if value is None:
        return ()
    if isinstance(block, BaseStreamBlock):
        return ((child.block, child.value) for child in value)
    if isinstance(block, ListBlock):
        return ((block.child_block, item) for item in value)
    if isinstance(block, BaseStructBlock):
        return ((child, value.get(name)) for name, child in block.child_blocks.items())
    return ()


def _variants(block: VariantsBlock, value: Mapping[str, Any]) -> Place:
    versions = [
        Version(
            variant.get("name") or _("Variant %(number)d") % {"number": number},
            AudienceChoice.from_raw(variant.get("audience")),
            bool(variant.get("on")),
        )
        for number, variant in enumerate(value.get("variants") or (), 1)
    ]
    versions.append(Version(_("Default"), EVERYONE, is_default=True))
    return Place(str(block.label), first_words(value.get("default")), tuple(versions))


def first_words(value: Any) -> str:
    """The first text in a block's value, shortened, so that an editor finds the block."""
    text = next((text for text in _texts(value) if text), "")
    return text if len(text) <= _WORDS_SHOWN else f"{text[: _WORDS_SHOWN - 1].rstrip()}…"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str | RichText):
        text = value if isinstance(value, str) else strip_tags(value.source)
        yield re.sub(r"\s+", " ", text).strip()
    elif isinstance(value, Mapping):
        audience = getattr(getattr(value, "block", None), "audience_field", None)
        for name, inner in value.items():
            if name != audience:
                yield from _texts(inner)
    elif hasattr(value, "__iter__"):
        for inner in value:
            yield from _texts(getattr(inner, "value", inner))
