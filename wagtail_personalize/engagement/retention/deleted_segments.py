"""What goes with a segment: its raw events before it, its figures and hours with it. Sets, never row by row."""

from typing import Any

from wagtail_personalize.setsql import delete_rows

from ..models import Figures, HourCount, SegmentEvent


def forget_segments(*, segment_ids: list[int], **kwargs: Any) -> None:
    """Receives ``segments_deleting``: the cascade of Django would read all raw events into memory first."""
    for model in (SegmentEvent, Figures, HourCount):
        delete_rows(model.objects.filter(segment_id__in=segment_ids))
