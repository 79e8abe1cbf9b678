"""An audience for any block: a paragraph, an image, a list, a block from another package.

    body = StreamField([("paragraph", Targeted(RichTextBlock())), ("table", Targeted(TableBlock()))])

In templates, the API and the search index the value *is* the content; nothing tells that there is an audience. A site
may wrap a block that it has used before: what is stored without an audience is for everyone.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from wagtail.blocks import BaseStructBlock, Block, StructValue

from wagtail_personalize.segments.viewer import Viewer

from ..rendering import is_editing, viewer_in
from ..stream_values import shown
from ..template_calls import TemplateCall
from .audience_struct import AudienceStructBlock
from .audience_value import NOTHING
from .verdicts import admits, is_for_all

_STORED = {"content", "audience"}


class TargetedValue(TemplateCall, StructValue):
    """To Python a struct of ``content`` and ``audience``; to a template the content, or nothing."""

    def shown_to(self, viewer: Viewer) -> Any:
        return NOTHING if self.block.hides(self, viewer) else shown(self.get("content"), viewer)


class Targeted(AudienceStructBlock):
    """``content`` with an audience in its settings. Icon, group and label of the wrapped block stay."""

    def __init__(self, content: Block, **kwargs: Any) -> None:
        kept = {"icon": content.meta.icon, "group": content.meta.group}
        if "label" in content._constructor_args[1]:
            kept["label"] = content._constructor_args[1]["label"]
        super().__init__([("content", content)], **{**kept, **kwargs})
        self.meta.value_class = TargetedValue

    @property
    def content(self) -> Block:
        """The block that is wrapped."""
        return self.child_blocks["content"]

    def to_python(self, value: Any) -> Any:
        return super().to_python(_as_stored(value))

    def bulk_to_python(self, values: Iterable[Any]) -> list[Any]:
        return super().bulk_to_python([_as_stored(value) for value in values])

    def normalize(self, value: Any) -> Any:
        """Python code may give the content alone."""
        return super().normalize(value if isinstance(value, TargetedValue) else _as_stored(value))

    def hides(self, value: Any, viewer: Viewer) -> bool:
        stored = _as_stored(value)
        if stored["audience"] is not None and not admits(stored["audience"], viewer):
            return True
        inner = getattr(self.content, "hides", None)
        return inner is not None and inner(stored["content"], viewer)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """For a template of the site's own: its ``value`` is the content."""
        content = shown(value["content"], viewer_in(parent_context))
        return super().get_context(content, parent_context=parent_context)

    def render(self, value: Any, context: Any = None) -> str:
        if self.hides(value, viewer_in(context)):
            return ""
        return BaseStructBlock.render(self, value, context=context)

    def render_basic(self, value: Any, context: Any = None) -> str:
        return self.content.render(value["content"], context=context)

    def get_searchable_content(self, value: Any) -> list[str]:
        if not self.search_index or not is_for_all(value.get("audience")):
            return []
        return self.content.get_searchable_content(value["content"])

    def get_api_representation(self, value: Any, context: Any = None) -> Any:
        represented = super().get_api_representation(value, context=context)
        return represented if represented is None or is_editing(context) else represented["content"]


def _as_stored(value: Any) -> Mapping[str, Any]:
    """What was stored before the block was wrapped is content for everyone."""
    if isinstance(value, Mapping) and value.keys() == _STORED:
        return value
    return {"content": value, "audience": None}
