"""What saving a journey in code leaves in the history: one entry for it, and one for each segment that it changes."""

from typing import Any

from ..admin.log_actions import SEGMENT_CHANGED
from ..log_entries import CREATED, DELETED, EDITED, is_told_elsewhere, log_all
from .models import Journey, Stage
from .usage import segments_asking

_MEANING = ("slug", "from_day", "event", "attributes", "days")

#: Name of the journey and all that its stages mean; ``None`` when it is not stored.
Told = tuple[str, list[Any]] | None


def stored(journey: Journey) -> Told:
    """The journey as it is in the database."""
    found = Journey.objects.filter(pk=journey.pk).first() if journey.pk else None
    if found is None:
        return None
    stages = Stage.objects.filter(journey=found).order_by("sort_order", "pk").values_list("name", *_MEANING)
    return found.name, [found.slug, found.hire_date, *map(list, stages)]


def tell(journey: Journey, before: Told) -> None:
    """The journey was saved; not more than Wagtail's admin tells, when that did it."""
    if is_told_elsewhere() or (after := stored(journey)) == before:
        return
    log_all(CREATED if before is None else EDITED, [(journey, {})], Journey)
    if _meaning(before) != _meaning(after):
        log_all(SEGMENT_CHANGED, [(one, {"journey": journey.name}) for one in _asking(before, after)])


def tell_deleted(journey: Journey) -> None:
    """The journey is about to be deleted."""
    if not is_told_elsewhere():
        log_all(DELETED, [(journey, {})], Journey)


def _meaning(told: Told) -> list[Any]:
    """Without the names of the stages."""
    return [] if told is None else [*told[1][:2], *(stage[1:] for stage in told[1][2:])]


def _asking(*versions: Told) -> list[Any]:
    keys = {f"{told[1][0]}/{stage[1]}" for told in versions if told for stage in told[1][2:]}
    return [segment for segment in segments_asking(keys) if segment.live]
