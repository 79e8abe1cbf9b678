"""What the rule of a segment means now, and the fields of the segment that follow from it.

``mentions``, ``depends_on_date``, ``self_chosen`` and ``broken`` are never edited: they are worked out here whenever a
segment is saved or refreshed, and every process hears of a change through the ``segments`` version.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import translation

from . import versions
from .effective import effective_qs
from .models import Segment
from .rules.broken import BrokenRule
from .rules.dependencies import dependencies, load_named

#: Fields that follow from the rule.
DERIVED = ("mentions", "depends_on_date", "self_chosen", "broken")


@dataclass(frozen=True)
class Meaning:
    """A segment with its definition, ``None`` when it is broken, and what its derived fields should say."""

    segment: Segment
    q: Q | None
    flags: dict[str, Any]

    @property
    def is_mended(self) -> bool:
        """Whether the segment was broken so far and means something again."""
        return self.q is not None and bool(self.segment.broken)

    @property
    def changed_flags(self) -> dict[str, Any]:
        """The derived fields that say something else so far."""
        return {name: value for name, value in self.flags.items() if getattr(self.segment, name) != value}


def meanings(segments: Iterable[Segment], day: date) -> list[Meaning]:
    """The meanings of many segments, with a number of queries that does not depend on how many there are.

    Sentences about what is broken are kept in the language of the site, not of whoever caused it.
    """
    segments = list(segments)
    with translation.override(settings.LANGUAGE_CODE):
        outcomes = effective_qs(segments, day)
    known = load_named(segment.rule for segment in segments)
    return [_meaning(segment, outcomes[segment.slug], known) for segment in segments]


def store_flags(found: Iterable[Meaning]) -> None:
    """Write the derived fields that changed."""
    changed = [(meaning.segment, flags) for meaning in found if (flags := meaning.changed_flags)]
    for segment, flags in changed:
        Segment.objects.filter(pk=segment.pk).update(**flags)
        for name, value in flags.items():
            setattr(segment, name, value)
    if changed:
        versions.grow(versions.SEGMENTS)


def _meaning(segment: Segment, outcome: Q | BrokenRule, known: dict) -> Meaning:
    on = dependencies(segment.rule, known)
    broken = outcome.sentence if isinstance(outcome, BrokenRule) else ""
    flags = (sorted(on.mentions), on.depends_on_date, on.self_chosen, broken)
    return Meaning(segment, None if broken else outcome, dict(zip(DERIVED, flags, strict=True)))
