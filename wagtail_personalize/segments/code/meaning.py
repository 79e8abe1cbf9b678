"""What the segments of a file mean here, all of them and those beside them taken together."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from ..effective import Definitions
from ..models import Segment
from ..rules.broken import BrokenRule
from ..rules.dependencies import Named
from ..rules.schema import validate
from ..rules.structure import Path
from .form import LISTS
from .steps import Step

#: Short name → the ``Q`` of the segment as the file has it, or why it has none.
Meanings = dict[str, Any]


def meanings_of(steps: list[Step], others: list[Segment]) -> tuple[Meanings, list[str]]:
    """The definitions, drafts too, and sentences about what is new or changed and has none.

    Also refused is what would break a segment that has a meaning so far, whether in the file or among ``others``.
    """
    faults = [
        f"{step.place}.rule{_where(problem.path)}: {problem.sentence}"
        for step in steps
        if step.does_something
        for problem in validate(step.entry["rule"])
    ]
    if faults:
        return {}, faults
    try:
        meanings = _meanings(steps, others)
    except BrokenRule as broken:
        return {}, [broken.sentence]
    return meanings, [*_broken_steps(steps, meanings), *_broken_others(others, meanings)]


def _meanings(steps: list[Step], others: list[Segment]) -> Meanings:
    """A draft must mean something by itself; whoever names it is broken all the same."""
    definitions = Definitions()
    given = {other.slug: Named(other.pk, other.rule, other.live) for other in others}
    definitions.add(given | {step.slug: _named(step) for step in steps})
    meanings = dict(definitions.compiler.segments)
    for step in steps:
        if not step.is_live:
            try:
                meanings[step.slug] = definitions.of_rule(step.entry["rule"])
            except BrokenRule as broken:
                meanings[step.slug] = broken
    return meanings


def _named(step: Step) -> Named:
    """Lists of people that the file changes are left out; whoever counts adds them."""
    has_own_lists = step.segment is None or not LISTS.keys().isdisjoint(step.changes)
    return Named(None if has_own_lists else step.segment.pk, step.entry["rule"], step.is_live)


def _broken_steps(steps: list[Step], meanings: Meanings) -> Iterator[str]:
    for step in steps:
        was_broken = step.segment is not None and bool(step.segment.broken) and not step.does_something
        if isinstance(meaning := meanings[step.slug], BrokenRule) and not was_broken:
            yield f"{step.place}.rule: {meaning.sentence}"


def _broken_others(others: list[Segment], meanings: Meanings) -> Iterator[str]:
    for other in others:
        if isinstance(meaning := meanings[other.slug], BrokenRule) and not other.broken and other.live:
            told = {"name": other.name, "why": meaning.sentence}
            yield _("“%(name)s”, which is not in the file, would break: %(why)s") % told


def _where(path: Path) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
