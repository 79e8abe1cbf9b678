"""The audit of the reporting segments: who is in which of them, in memory only; what it finds is kept."""

from collections import Counter, defaultdict
from typing import Any

from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.privacy.figures import Audit, find_audit, rules
from wagtail_personalize.privacy.figures.stored import keep
from wagtail_personalize.segments.models import Membership
from wagtail_personalize.segments.refresh import ensure_today

from ..models import ReportingSegment


def audit_segments() -> Audit:
    """Find out which reporting segments may be told beside each other, and keep it for the reports."""
    ensure_today()
    segments = list(ReportingSegment.objects.order_by().values_list("segment_id", flat=True))
    audit = find_audit(_atoms(segments), segments, rules().floor)
    keep(audit)
    return audit


def _atoms(segments: list[int]) -> Counter[frozenset[int]]:
    """How many active people are in exactly these of the segments."""
    declaration = get_declaration()
    if declaration is None:
        return Counter()
    people = declaration.people().order_by().values_list(declaration.person_path, flat=True)
    mine: dict[Any, int] = defaultdict(int)
    for place, segment in enumerate(segments):
        for person in (
            Membership.objects.filter(segment=segment).order_by().values_list("person_id", flat=True).iterator()
        ):
            mine[person] |= 1 << place
    masks = Counter(mine.get(person, 0) for person in people.iterator())
    return Counter(
        {
            frozenset(segment for place, segment in enumerate(segments) if mask >> place & 1): number
            for mask, number in masks.items()
        }
    )
