"""A struct block that knows for whom it is.

A site adds the mixin to a block that it has, or derives new blocks from ``AudienceStructBlock``::

    class CallToAction(AudienceMixin, StructBlock):
        text = CharBlock()

The audience appears in the block's settings drawer. Stored blocks need no change: without an audience they are for
everyone. What is hidden leaves no trace: not in HTML, not in the API, not in the search index.
"""

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from django.core import checks
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from wagtail.blocks import BaseStructBlock, BlockGroup, StructBlock

from wagtail_personalize.segments.viewer import Viewer

from ..rendering import is_editing, viewer_in
from .audience_field import AudienceBlock
from .audience_value import guarded
from .verdicts import admits, is_for_all


class AudienceMixin(BaseStructBlock):
    """Gives a struct block an audience. ``Meta.audience_field`` names the field (``"audience"``)."""

    def __init__(self, local_blocks: list | None = None, search_index: bool = True, **kwargs: Any) -> None:
        self.audience_field = kwargs.get("audience_field", self._meta_class.audience_field)
        local_blocks = list(local_blocks or ())
        if self.audience_field not in {*self.base_blocks, *dict(local_blocks)}:
            local_blocks.append((self.audience_field, AudienceBlock()))
        super().__init__(local_blocks, search_index=search_index, **kwargs)
        self.meta.value_class = guarded(self.meta.value_class)

    def hides(self, value: Mapping[str, Any], viewer: Viewer) -> bool:
        """Whether the audience in ``value``, stored data or a converted value, leaves ``viewer`` out."""
        raw = value.get(self.audience_field)
        return raw is not None and not admits(raw, viewer)

    def bulk_to_python(self, values: Iterable[Mapping[str, Any]]) -> list[Any]:
        """Converts the site's own fields as ever; the audience is stored as it is used, so it is handed over."""
        values = list(values)
        converted = super(AudienceMixin, self._own_fields).bulk_to_python(values)
        for value, raw in zip(converted, values, strict=True):
            value.block = self
            value[self.audience_field] = raw.get(self.audience_field)
        return converted

    @cached_property
    def _own_fields(self) -> "AudienceMixin":
        """This definition without the audience."""
        own = copy.copy(self)
        own.child_blocks = {name: block for name, block in self.child_blocks.items() if name != self.audience_field}
        return own

    def get_form_layout(self) -> BlockGroup:
        """The site's own layout with the audience in the settings drawer, unless it has a place already."""
        given = self.meta.form_layout
        if given is None:
            return BlockGroup([n for n in self.child_blocks if n != self.audience_field], [self.audience_field])
        layout = super().get_form_layout()
        if self.audience_field in layout.get_sorted_block_names():
            return layout
        layout = copy.copy(layout)
        layout.__dict__.pop("unique_children_and_settings", None)
        layout.settings = [*layout.settings, self.audience_field]
        return layout

    def render(self, value: Any, context: Any = None) -> str:
        raw = value.get(self.audience_field)
        if raw is not None and not admits(raw, viewer_in(context)):
            return ""
        guard = type(value)
        unguarded = guard.__dict__.get("unguarded")  # its own: a class that was derived from it may have more to say
        if unguarded is None:
            return super().render(value, context=context)
        value.__class__ = unguarded  # decided: the block's own template need not ask for each variable
        try:
            return super().render(value, context=context)
        finally:
            value.__class__ = guard

    def render_basic(self, value: Any, context: Any = None) -> str:
        rows = [(name, content) for name, content in value.items() if name != self.audience_field]
        return format_html("<dl>\n{}\n</dl>", format_html_join("\n", "    <dt>{}</dt>\n    <dd>{}</dd>", rows))

    def get_searchable_content(self, value: Any) -> list[str]:
        """Only what everybody may see: one index serves all."""
        return super().get_searchable_content(value) if self.is_for_all(value) else []

    def is_for_all(self, value: Mapping[str, Any]) -> bool:
        """Whether everybody sees ``value``, stored data or a converted value, from now on."""
        return is_for_all(value.get(self.audience_field))

    def get_api_representation(self, value: Any, context: Any = None) -> dict[str, Any] | None:
        if is_editing(context):
            return super().get_api_representation(value, context=context)
        if self.hides(value, viewer_in(context)):
            return None
        represented = super().get_api_representation(value, context=context)
        represented.pop(self.audience_field, None)
        return represented

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        return [*super().check(**kwargs), *self._check_audience_field(**kwargs)]

    def _check_audience_field(self, **kwargs: Any) -> list[checks.CheckMessage]:
        if isinstance(self.child_blocks[self.audience_field], AudienceBlock):
            return []
        return [
            checks.Error(
                f"{type(self).__name__} has a field “{self.audience_field}” of its own.",
                hint="Set audience_field in the block's Meta to another name for the audience.",
                obj=kwargs.get("field", self),
                id="personalize_targeting.E002",
            )
        ]

    class Meta:
        audience_field = "audience"


class AudienceStructBlock(AudienceMixin, StructBlock):
    """A ``StructBlock`` with an audience."""
