"""What the rule of a segment means now, and the fields of the segment that follow from it.

``mentions``, ``depends_on_date``, ``self_chosen`` and ``broken`` are never edited: they are worked out here whenever a
segment is saved or refreshed, and every process hears of a change through the ``segments`` version.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import translation

from . import versions
from .effective import Definitions
from .models import Segment
from .rules.broken import BrokenRule
from .rules.dependencies import Named, dependencies, load_named

#: Fields that follow from the rule.
DERIVED = ("mentions", "depends_on_date", "self_chosen", "broken")


@dataclass(frozen=True)
class Meaning:
    """A segment with what its derived fields should say."""

    segment: Segment
    flags: dict[str, Any]
    definitions: Definitions | None

    @cached_property
    def q(self) -> Q | None:
        """Its definition, ``None`` when it is broken; compiled when it is asked for."""
        outcome = None if self.is_broken else self.definitions.outcome(self.segment.slug)
        return outcome if isinstance(outcome, Q) else None

    @property
    def is_broken(self) -> bool:
        return bool(self.flags["broken"])

    @property
    def is_mended(self) -> bool:
        """Whether the segment was broken so far and means something again."""
        return bool(self.segment.broken) and not self.is_broken

    @property
    def changed_flags(self) -> dict[str, Any]:
        """The derived fields that say something else so far."""
        return {name: value for name, value in self.flags.items() if getattr(self.segment, name) != value}


@dataclass(frozen=True)
class Understanding:
    """What segments mean on one day, and what was looked up for it."""

    meanings: list[Meaning]
    #: ``None`` when the site has declared no profiles.
    definitions: Definitions | None
    #: The segments and all that they name, by short name.
    named: Mapping[str, Named]


def meanings(segments: Iterable[Segment], day: date) -> list[Meaning]:
    """The meanings of many segments, with a number of queries that does not depend on how many there are."""
    return understand(segments, day).meanings


def understand(segments: Iterable[Segment], day: date) -> Understanding:
    """The meanings of many segments, and how they came about.

    Sentences about what is broken are kept in the language of the site, not of whoever caused it.
    """
    segments = list(segments)
    given = {segment.slug: Named(segment.pk, segment.rule, segment.live) for segment in segments}
    known = load_named((segment.rule for segment in segments), given) | given
    with translation.override(settings.LANGUAGE_CODE):
        try:
            definitions = Definitions(day)
            definitions.check(given, known)
        except BrokenRule as broken:
            return Understanding([_meaning(segment, broken, None, known) for segment in segments], None, known)
    found = ((segment, definitions.problem(segment.slug)) for segment in segments)
    return Understanding([_meaning(*each, definitions, known) for each in found], definitions, known)


def store_flags(found: Iterable[Meaning]) -> None:
    """Write the derived fields that changed."""
    changed = [(meaning.segment, flags) for meaning in found if (flags := meaning.changed_flags)]
    for segment, flags in changed:
        Segment.objects.filter(pk=segment.pk).update(**flags)
        for name, value in flags.items():
            setattr(segment, name, value)
    if changed:
        versions.grow(versions.SEGMENTS)


def _meaning(
    segment: Segment, problem: BrokenRule | None, definitions: Definitions | None, known: Mapping[str, Named]
) -> Meaning:
    on = dependencies(segment.rule, known)
    flags = (sorted(on.mentions), on.depends_on_date, on.self_chosen, problem.sentence if problem else "")
    return Meaning(segment, dict(zip(DERIVED, flags, strict=True)), definitions)
