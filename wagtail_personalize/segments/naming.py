"""Which segments name which, by their slugs."""

from collections.abc import Iterable

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from .models import Segment
from .rules.dependencies import segments_named


def naming(slug: str) -> list[Segment]:
    """The segments whose rule names ``slug``, in the order of their ids."""
    return [segment for segment in _candidates() if slug in segments_named(segment.rule)]


def touched_by(slugs: Iterable[str]) -> list[Segment]:
    """The segments that name one of ``slugs``, and those that name these, and so on."""
    candidates = {segment.slug: segment for segment in _candidates()}
    names = {slug: set(segments_named(segment.rule)) for slug, segment in candidates.items()}
    touched: set[str] = set()
    news = set(slugs)
    while news:
        news = {slug for slug, named in names.items() if slug not in touched and not news.isdisjoint(named)}
        touched |= news
    return [segment for slug, segment in candidates.items() if slug in touched]


def _candidates() -> QuerySet[Segment]:
    """Segments that may name another one: the operators for that have the same ending."""
    segments = Segment.objects.annotate(rule_text=Cast("rule", TextField()))
    return segments.filter(rule_text__contains="in_segment").order_by("pk")
