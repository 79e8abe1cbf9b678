"""Explaining who is in a segment: the whole answer for one person, and many segments at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.privacy.reasons import Reason

from ..effective import Definitions
from ..models import Segment
from ..rules.broken import BrokenRule
from ..rules.dependencies import Named, load_named
from ..rules.labels import Labels
from ..rules.sentence import Reader
from ..rules.structure import conditions_in
from .answering import Answers
from .facts import Facts
from .tree import Evidence, Tree


@dataclass(frozen=True)
class Explanation:
    """``is_in`` is what the segment's effective ``Q`` says; ``because`` is the same, taken apart.

    ``obstacle`` says what keeps the person out before any condition: nobody can be in the segment, or not this person.
    """

    segment: Segment
    is_in: bool
    because: Reason
    obstacle: str = ""


def explain(segment: Segment, person: Any, today: date | None = None, *, own: bool = False) -> Explanation:
    """Why ``person`` (a user) is in ``segment``, or is not, on this local day.

    The rule is taken as it is on the instance. ``own`` speaks to the person themself.
    """
    return explain_all([segment], person, today, own=own)[0]


def explain_all(
    segments: Iterable[Segment], person: Any, today: date | None = None, *, own: bool = False
) -> list[Explanation]:
    """``explain`` for each of these segments, with as many queries as for one."""
    segments = list(segments)
    try:
        definitions = Definitions(today)
    except BrokenRule as broken:
        return [Explanation(each, False, Reason(each.name, None), broken.sentence) for each in segments]
    known = load_named(segment.rule for segment in segments)
    known |= {segment.slug: Named(segment.pk, segment.rule, segment.live) for segment in segments}
    definitions.add(known)
    rules = [named.rule for named in known.values()]
    asked = [condition for rule in rules for condition in conditions_in(rule)]
    answers = Answers(definitions.compiler, asked, person.pk)
    facts = Facts(person.pk, rules, own)
    reader = Reader(Labels(get_declaration(), rules))
    evidence = Evidence(known, definitions.compiler.segments, answers, facts, reader)
    return [_explanation(segment, evidence) for segment in segments]


def _explanation(segment: Segment, evidence: Evidence) -> Explanation:
    because = Tree(evidence).segment(segment.slug, segment.name)
    return Explanation(segment, bool(because.holds), because, because.note or _obstacle(evidence))


def _obstacle(evidence: Evidence) -> str:
    if evidence.facts.profile is None:
        return _("Without a profile nobody is in any segment.")
    return "" if evidence.answers.is_active else _("Who is not active any more is in no segment.")
