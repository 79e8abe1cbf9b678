"""What keeps a plan from being written although the file means something: steps are written one after the other.

Each is saved as an editor would save it, so a short name that is still named then cannot change, a segment that is
still used cannot become a draft, and two segments cannot change names with each other.
"""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..rules.dependencies import segments_named
from ..saving import refuse_losing
from ..usage import refuse_unpublishing
from .steps import Step


def obstacles(steps: list[Step]) -> Iterator[str]:
    """The sentences with which loading would end, for steps in the order in which they are written."""
    names = {step.segment.pk: (step.segment.name, step.segment.slug) for step in steps if step.segment}
    written: list[Step] = []
    for step in steps:
        own = names.pop(step.segment.pk, None) if step.segment else None
        if own != (step.entry["name"], step.slug) and any(_clash(step, other) for other in names.values()):
            yield f"{step.place}: " + _("Another segment has this name or short name.")
        if step.segment and step.does_something:
            yield from _refusals(step, written)
        written.append(step)


def _clash(step: Step, other: tuple[str, str]) -> bool:
    return step.entry["name"] == other[0] or step.slug == other[1]


def _refusals(step: Step, written: list[Step]) -> Iterator[str]:
    slug, changed = step.segment.slug, {one.segment.pk for one in written if one.segment and one.does_something}
    free = {
        one.segment.pk for one in written if one.segment and slug not in segments_named(one.entry["rule"])
    } & changed
    try:
        if step.slug != slug:
            refuse_losing(slug, besides=free)
        if step.segment.live and not step.is_live:
            refuse_unpublishing(step.segment, besides=free)
    except ValidationError as refused:
        yield from (f"{step.place}: {sentence}" for sentence in refused.messages)
