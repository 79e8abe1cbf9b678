"""The modes that a preview offers: as everyone, anonymous, as people who occur, as each segment, as each persona.

Wagtail previews in *modes*. Every mode that the page has by itself is offered once for each of those, so any page type
gets them without a change.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from wagtail.fields import StreamField

from wagtail_personalize.segments.models import Persona, Segment

from .inheritance import Inheritance
from .page_tree import page_model
from .preview_combinations import MOST_LISTED, Occurring, occurring
from .preview_viewers import mode_name

Modes = list[tuple[str, str]]
#: More personas would not be found in a list.
MOST_PERSONAS = 50


@dataclass
class ModeGroup:
    """Modes that stand together under a heading."""

    heading: str
    modes: Modes


def grouped_modes(obj: Any, *, user: Any = None, people: bool = False) -> list[ModeGroup]:
    """All modes of ``obj`` in groups; just its own where there is nothing to choose. ``people``: colleagues too.

    ``user`` is the editor who chooses; without one, no combinations are counted.
    """
    own = list(obj.preview_modes)
    segments, personas = list(segments_used(obj)), list(_personas())
    if not (segments or personas or people):
        return [ModeGroup("", own)]
    combinations = occurring(obj, segments, user)[:MOST_LISTED]
    found = []
    for name, label in own:
        prefix = "" if len(own) == 1 else f"{label}: "
        everybody = [(name, _("As everyone")), (mode_name(name, "anonymous"), _("As somebody not signed in"))]
        occur = [(mode_name(name, *_kind_and_key(each)), each.label) for each in combinations]
        named = [(mode, _as_member(each)) for each in segments if (mode := _of_one(name, each)) not in dict(occur)]
        invented = [(mode_name(name, kind, key), words) for kind, key, words in _invented(personas)]
        headings = (label if prefix else "", *(f"{prefix}{heading}" for heading in _headings(occur)))
        groups = zip(headings, (everybody, occur, named, invented), strict=True)
        found += [ModeGroup(str(heading), modes) for heading, modes in groups if modes]
    return found


def combinations_heading() -> str:
    """The heading above what occurs."""
    return _("Combinations that occur")


def _headings(occur: Modes) -> tuple[str, str, str]:
    single = _("One segment alone") if occur else _("Segments")
    return combinations_heading(), single, _("Personas")


def _kind_and_key(combination: Occurring) -> tuple[str, Any]:
    if len(combination.segments) == 1:
        return "segment", combination.segments[0].uuid
    return "combination", combination.key


def _of_one(own: str, segment: Segment) -> str:
    return mode_name(own, "segment", segment.uuid)


def flat(groups: Iterable[ModeGroup]) -> Modes:
    """The same modes without their groups; a heading stands before what would be ambiguous."""
    return [mode for group in groups for mode in group.modes]


def segments_used(obj: Any) -> QuerySet:
    """The segments that what is previewed names, by name: in its blocks and, for a page, in its audiences."""
    keys = {key for model, key in _block_references(obj) if model is Segment}
    return Segment.objects.filter(pk__in=keys) | Segment.objects.filter(uuid__in=_named_by_audiences(obj))


def _personas() -> QuerySet:
    return Persona.objects.select_related("segment").prefetch_related("examples")[:MOST_PERSONAS]


def _invented(personas: Iterable[Persona]) -> Iterable[tuple[str, int, str]]:
    """Each example person; a persona that has none stands for somebody in its segment."""
    for persona in personas:
        examples = list(persona.examples.all())
        for each in examples:
            yield "example", each.pk, _("As %(name)s (%(persona)s)") % {"name": each.name, "persona": persona.name}
        if not examples and persona.segment is not None:
            yield "persona", persona.pk, _("As %(name)s") % {"name": persona.name}


def _as_member(segment: Segment) -> str:
    return _("As somebody in: %(segment)s") % {"segment": segment.name}


def _block_references(obj: Any) -> Iterable[tuple[type, int]]:
    for field in obj._meta.get_fields():
        if isinstance(field, StreamField):
            references = field.stream_block.extract_references(field.value_from_object(obj))
            yield from ((model, int(key)) for model, key, *_rest in references if model is Segment)


def _named_by_audiences(obj: Any) -> set[str]:
    """The UUIDs in a page's own audiences and those it inherits; a page that is not in the tree yet has none."""
    if not isinstance(obj, page_model()) or not obj.path:
        return set()
    return {uuid for clauses in Inheritance.load().at(obj.path) for clause in clauses for uuid in clause.segment_uuids}
