"""One place on a page, several versions of it: each person sees the first that is meant for them.

    body = StreamField([("hero", VariantsBlock([("image", ImageBlock()), ("text", RichTextBlock())]))])
    teaser = VariantsBlock(TeaserBlock())

The order decides; the default comes last and is shown to whoever matches nothing. A new variant is off, so that nobody
sees it half finished. In templates the value *is* the chosen content: ``{% include_block page.hero %}`` renders it and
``{% for block in value.hero %}`` goes through it. Nothing tells that there are variants.
"""

from collections.abc import Iterable, Iterator, Mapping, Sized
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import Block, BooleanBlock, CharBlock, ListBlock, StreamBlock, StructBlock

from wagtail_personalize.segments.viewer import Viewer

from ..rendering import is_editing, viewer_in
from ..stream_values import shown
from .audience_field import AudienceBlock
from .variants_value import VariantsValue
from .verdicts import admits, is_for_all

#: What a ``VariantsBlock`` is made from: the block types of a stream, or one block.
Content = Iterable[tuple[str, Block]] | Block


class VariantName(CharBlock):
    """A name for editors; translators are not asked for it."""

    def __init__(self) -> None:
        super().__init__(required=False, max_length=100, help_text=_("Only editors see this name."))

    def get_translatable_segments(self, value: str) -> list:
        return []

    def restore_translated_segments(self, value: str, segments: list) -> str:
        return value

    class Meta:
        label = _("Name")


class VariantSwitch(BooleanBlock):
    """Off until the editor says so."""

    def __init__(self) -> None:
        super().__init__(required=False, help_text=_("A variant that is off is never shown."))

    class Meta:
        label = _("On")
        default = False


class VariantBlock(StructBlock):
    """One variant: its name, its switch, its audience and its content."""

    name = VariantName()
    on = VariantSwitch()
    audience = AudienceBlock()

    def __init__(self, content: Block, **kwargs: Any) -> None:
        super().__init__([("content", content)], **kwargs)

    class Meta:
        label = _("Variant")
        label_format = "{name}"
        icon = "group"


class VariantList(ListBlock):
    """The variants in their order; at first there is only the default."""

    class Meta:
        label = _("Variants")
        help_text = _("Each person sees the first variant that is meant for them, or else the default.")
        default = []


class VariantsBlock(StructBlock):
    """Ordered variants and a default; see the module. ``content`` is a list of block types or one block."""

    def __init__(self, content: Content, **kwargs: Any) -> None:
        if not isinstance(content, Block):
            content = StreamBlock(list(content), required=False)
        variants = VariantList(VariantBlock(_again(content)))
        super().__init__([("variants", variants), ("default", content)], **kwargs)
        self.meta.value_class = VariantsValue

    def to_python(self, value: Mapping[str, Any]) -> VariantsValue:
        return VariantsValue(self, raw=value)

    def bulk_to_python(self, values: Iterable[Mapping[str, Any]]) -> list[VariantsValue]:
        siblings = [self.to_python(value) for value in values]
        for value in siblings:
            value.siblings = siblings
        return siblings

    def convert_all(self, raw: Mapping[str, Any]) -> VariantsValue:
        """Everything in the stored form, converted."""
        return super().to_python(raw)

    def convert(self, contents: list[Any]) -> list[Any]:
        """Stored contents, converted together so that what they look up is looked up once; ``None`` is the default."""
        block = self.child_blocks["default"]
        converted = iter(block.bulk_to_python([content for content in contents if content is not None]))
        return [block.get_default() if content is None else next(converted) for content in contents]

    def get_prep_value(self, value: VariantsValue) -> dict[str, Any]:
        return super().get_prep_value(value) if value.raw is None else dict(value.raw)

    def chosen(self, value: Mapping[str, Any], viewer: Viewer) -> Any:
        """The content for this viewer, as stored or converted as ``value`` is."""
        for variant in self._variants(value):
            if variant.get("on") and admits(variant.get("audience"), viewer):
                return variant.get("content")
        return value.get("default")

    def hides(self, value: Mapping[str, Any], viewer: Viewer) -> bool:
        """Whether nothing is there for this viewer, so that not even a wrapper may tell."""
        content = self.chosen(_as_stored(value), viewer)
        block_hides = getattr(self.child_blocks["default"], "hides", None)
        if content is None or (isinstance(content, Sized) and not len(content)):
            return True
        return block_hides is not None and block_hides(content, viewer)

    def get_context(self, value: VariantsValue, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """For a template of the site's own: its ``value`` is the chosen content."""
        viewer = viewer_in(parent_context)
        return super().get_context(shown(value.content(viewer), viewer), parent_context=parent_context)

    def render(self, value: VariantsValue, context: Any = None) -> str:
        if self.get_template(value, context=context):
            return super().render(value, context=context)
        return self.render_basic(value, context=context)

    def render_basic(self, value: VariantsValue, context: Any = None) -> str:
        return self.child_blocks["default"].render(value.content(viewer_in(context)), context=context)

    def get_searchable_content(self, value: VariantsValue) -> list[str]:
        """Only what everybody may see: nothing as soon as one audience decides."""
        if not self.search_index:
            return []
        content = self.content_for_all(value)
        return [] if content is None else self.child_blocks["default"].get_searchable_content(content)

    def content_for_all(self, value: Mapping[str, Any]) -> Any:
        """What everybody sees, as stored or converted as ``value`` is; ``None`` as soon as one audience decides."""
        for variant in self._variants(value):
            if variant.get("on"):
                return variant.get("content") if is_for_all(variant.get("audience")) else None
        return value.get("default")

    def get_api_representation(self, value: VariantsValue, context: Any = None) -> Any:
        if is_editing(context):
            return super().get_api_representation(value, context=context)
        content = value.content(viewer_in(context))
        return self.child_blocks["default"].get_api_representation(content, context=context)

    def _variants(self, value: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """The variants as mappings, from stored or converted data; stored lists come in two formats."""
        variants = self.child_blocks["variants"]
        for item in value.get("variants") or ():
            yield item["value"] if variants._item_is_in_block_format(item) else item

    class Meta:
        label = _("Variants")
        icon = "group"


def _as_stored(value: Mapping[str, Any]) -> Mapping[str, Any]:
    raw = getattr(value, "raw", None)
    return value if raw is None else raw


def _again(block: Block) -> Block:
    """A second instance of the same definition: a block instance knows its one name."""
    args, kwargs = block._constructor_args
    return type(block)(*args, **kwargs)


DECONSTRUCT_ALIASES = {
    VariantName: "wagtail.blocks.CharBlock",
    VariantSwitch: "wagtail.blocks.BooleanBlock",
    VariantList: "wagtail.blocks.ListBlock",
}
