"""Which segments ask for which stage."""

from collections.abc import Collection

from ..models import Segment
from ..rules.structure import conditions_in
from .condition import STAGES


def segments_asking(keys: Collection[str]) -> list[Segment]:
    """The segments whose rule names one of these stages."""
    if not keys:
        return []
    return [segment for segment in Segment.objects.order_by("name") if not _stages_in(segment.rule).isdisjoint(keys)]


def _stages_in(rule: object) -> set[str]:
    found: set[str] = set()
    for condition in conditions_in(rule):
        if str(condition.get("operator", "")).endswith(STAGES) and isinstance(condition.get("value"), list):
            found |= {value for value in condition["value"] if isinstance(value, str)}
    return found
