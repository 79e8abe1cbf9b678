"""One text in two depths: for beginners and for advanced readers, with a button that switches.

    body = StreamField([("explained", KnowledgeBlock()), ("recipe", KnowledgeBlock(RecipeBlock()))])

Neither depth is a secret: both stand in the search index and in the API.
"""

from copy import copy
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import Block, FieldBlock, RichTextBlock, StructBlock

from ..rendering import viewer_in
from .knowledge import is_topic, level_of
from .models import Knowledge, KnowledgeTopic


class TopicBlock(FieldBlock):
    """A knowledge topic by its short name; a plain line of text in migrations."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    @cached_property
    def field(self) -> forms.ChoiceField:
        return forms.ChoiceField(choices=_topics)

    def get_translatable_segments(self, value: str) -> list:
        return []

    def restore_translated_segments(self, value: str, segments: list) -> str:
        return value

    class Meta:
        icon = "tag"
        label = _("Topic")
        help_text = _("What the reader chooses for a topic holds for all its texts.")


class KnowledgeBlock(StructBlock):
    """A topic, the text for beginners and the text for advanced readers; ``content`` is any block."""

    topic = TopicBlock()

    def __init__(self, content: Block | None = None, **kwargs: Any) -> None:
        # Each gets a copy: Wagtail keeps the name of a block in the block.
        children = [(level.value, copy(content or RichTextBlock())) for level in Knowledge]
        super().__init__(children, **kwargs)
        for level in Knowledge:
            self.child_blocks[level.value].label = level.label

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        viewer, request = viewer_in(parent_context), context.get("request")
        level = level_of(value["topic"], viewer, request)
        other = Knowledge.BEGINNER if level == Knowledge.ADVANCED else Knowledge.ADVANCED
        may_switch = is_topic(value["topic"], viewer) and request is not None and not viewer.is_preview
        return context | {
            "level": level,
            "other": other if may_switch and context.get("csrf_token") else None,
            "text": value.bound_blocks[level.value],
        }

    class Meta:
        icon = "glasses"
        label = _("Text in two depths")
        label_format = "{topic}"
        template = "wagtail_personalize/targeting/content/knowledge.html"


def _topics() -> list[tuple[str, str]]:
    return [("", "---------"), *KnowledgeTopic.objects.values_list("slug", "name")]


DECONSTRUCT_ALIASES = {TopicBlock: "wagtail.blocks.CharBlock"}
