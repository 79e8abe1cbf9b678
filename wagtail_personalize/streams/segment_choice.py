"""Choosing a segment in a block: stored by its UUID."""

from typing import Any

from wagtail.blocks import ChoiceBlock


class SegmentChoiceBlock(ChoiceBlock):
    """Reading the block asks for no list of segments: what is stored is what it is, or names nothing."""

    def normalize_choice(self, value: Any) -> Any:
        return value
