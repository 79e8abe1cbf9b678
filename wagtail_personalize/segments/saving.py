"""Saving and deleting segments.

One transaction each: the change itself, the derived fields and memberships of the segment and of those that name it,
and the ``segments`` version for every other process. What would leave a rule without meaning is refused.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _

from wagtail_personalize.hookspecs import segment_changed
from wagtail_personalize.people.batches import batches
from wagtail_personalize.setsql import delete_rows

from . import versions
from .changing import changing_memberships
from .deriving import DERIVED
from .models import ManualMember, Membership, Segment
from .naming import naming, touched_by
from .refresh import refresh
from .rules.dependencies import dependencies
from .usage import SegmentInUse, refuse_deletion, refuse_taint

#: A change of these changes who is in the segment, or in those that name it.
_DEFINING = {"rule", "slug"}


def save_segment(segment: Segment, write: Callable[[], None], update_fields: Iterable[str] | None = None) -> None:
    """``write()`` the segment and bring everything that follows from it up to date."""
    with changing_memberships():
        refuse_rename(segment)
        write()
        if update_fields is None or _DEFINING.intersection(update_fields):
            _follow([segment])
            segment.refresh_from_db(fields=[*DERIVED, "refreshed_at"])
        versions.grow(versions.SEGMENTS)
        segment_changed.send(sender=Segment, segment_uuid=segment.uuid, deleted=False)


def create_segments(segments: list[Segment], write: Callable[[list[Segment]], list[Segment]]) -> list[Segment]:
    """``write(segments)`` in bulk."""
    with changing_memberships():
        written = write(segments)
        _follow(Segment.objects.filter(slug__in=[segment.slug for segment in segments]))
        _tell(segments, deleted=False)
    return written


def update_segments(values: dict[str, Any], write: Callable[[], int]) -> int:
    """``write()`` an update of many segments at once."""
    if not _DEFINING.intersection(values):
        return write()
    with changing_memberships():
        rows = write()
        refresh(cause="rule")
        versions.grow(versions.SEGMENTS)
    return rows


def delete_segments(segments: Iterable[Segment], delete: Callable[[], Any]) -> Any:
    """``delete()`` segments that nothing else uses; they may name each other. Raises ``SegmentInUse``."""
    with changing_memberships():
        segments = list(segments)
        for segment in segments:
            refuse_deletion(segment, also_deleted=segments)
        for batch in batches(segment.pk for segment in segments):
            delete_rows(Membership.objects.filter(segment__in=batch))
            delete_rows(ManualMember.objects.filter(segment__in=batch))
        deleted = delete()
        _tell(segments, deleted=True)
    return deleted


def refuse_rename(segment: Segment) -> None:
    """Raise ``SegmentInUse`` when the short name is another one now and rules name the old one."""
    if segment._state.adding:
        return
    old = Segment.objects.filter(pk=segment.pk).values_list("slug", flat=True).first()
    namers = naming(old) if old not in (None, segment.slug) else []
    if namers:
        raise SegmentInUse(
            {
                "slug": _("The short name cannot change while other segments name it: %(names)s.")
                % {"names": ", ".join(f"“{namer.name}”" for namer in namers)}
            }
        )


def refuse_tainted_rule(segment: Segment) -> None:
    """Raise ``ValidationError`` when the rule would make a segment self-chosen that restricts something."""
    if not segment._state.adding and dependencies(segment.rule).self_chosen:
        refuse_taint([segment, *touched_by([segment.slug])])


def _follow(segments: Iterable[Segment]) -> None:
    segments = list(segments)
    touched = {segment.pk: segment for segment in touched_by(segment.slug for segment in segments)}
    everything = {segment.pk: segment for segment in segments} | touched
    refresh(everything.values(), cause="rule")
    refuse_taint(Segment.objects.filter(pk__in=everything, self_chosen=True))


def _tell(segments: Iterable[Segment], *, deleted: bool) -> None:
    versions.grow(versions.SEGMENTS)
    for segment in segments:
        segment_changed.send(sender=Segment, segment_uuid=segment.uuid, deleted=deleted)
