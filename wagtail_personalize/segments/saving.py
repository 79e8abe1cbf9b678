"""Saving and deleting segments.

One transaction each: the change itself, the derived fields and memberships of the segment and of those that name it,
and the ``segments`` version for every other process. What would leave a rule without meaning is refused.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from wagtail_personalize.hookspecs import segment_changed, segments_deleting
from wagtail_personalize.people.batches import batches
from wagtail_personalize.setsql import delete_rows

from . import telling, versions
from .changing import changing_memberships
from .deriving import DERIVED
from .list_changes import write_list_changes
from .log_entries import DELETED, is_told_elsewhere, log_all
from .models import ManualMember, Membership, Segment
from .naming import touched_by
from .refresh import refresh
from .rules.dependencies import dependencies
from .usage import SegmentInUse, refuse_deletion, refuse_taint, refuse_unpublishing, segments_naming

#: A change of these changes who is in the segment, or in those that name it.
_DEFINING = {"rule", "slug", "live"}
#: Which version is the latest: nothing that anybody sees follows from it.
_BOOKKEEPING = {"latest_revision", "has_unpublished_changes"}


def save_segment(segment: Segment, write: Callable[[], None], update_fields: Iterable[str] | None = None) -> None:
    """``write()`` the segment and bring everything that follows from it up to date."""
    if update_fields is not None and _BOOKKEEPING.issuperset(update_fields):
        write()
        return
    with changing_memberships():
        before = telling.states_of([segment.pk]).get(segment.pk)
        refuse_rename(segment)
        _refuse_going_offline(segment)
        write()
        if update_fields is None:
            write_list_changes(segment)
        if update_fields is None or _DEFINING.intersection(update_fields):
            _follow([segment])
            segment.refresh_from_db(fields=[*DERIVED, "refreshed_at"])
        versions.grow(versions.SEGMENTS)
        telling.tell_saved(segment, before, update_fields)
        segment_changed.send(sender=Segment, segment_uuid=segment.uuid, deleted=False)


def create_segments(segments: list[Segment], write: Callable[[list[Segment]], list[Segment]]) -> list[Segment]:
    """``write(segments)`` in bulk."""
    with changing_memberships():
        written = write(segments)
        stored = list(Segment.objects.filter(slug__in=[segment.slug for segment in segments]))
        _follow(stored)
        telling.tell_made(stored)
        _tell(segments, deleted=False)
    return written


def update_segments(updated: QuerySet[Segment], values: dict[str, Any], write: Callable[[], int]) -> int:
    """``write()`` an update of many segments at once; refused is what saving one of them would be refused for."""
    if not {*telling.FIELDS, "category"}.intersection(values):
        return write()
    with changing_memberships():
        before = telling.states_of(updated.order_by().values_list("pk", flat=True))
        rows = write()
        if _DEFINING.intersection(values):
            _follow_update(before)
        telling.tell_updated(before)
    return rows


def _follow_update(before: Mapping[Any, telling.State]) -> None:
    after = [segment for batch in batches(before) for segment in Segment.objects.filter(pk__in=batch)]
    for segment in after:
        slug, live = before[segment.pk]["slug"], before[segment.pk]["live"]
        if segment.slug != slug:
            refuse_losing(slug)
        if live and not segment.live:
            refuse_unpublishing(segment)
    refresh(cause="rule")
    _refuse_tainted({*before, *(segment.pk for segment in touched_by(segment.slug for segment in after))})
    versions.grow(versions.SEGMENTS)


def delete_segments(segments: Iterable[Segment], delete: Callable[[], Any]) -> Any:
    """``delete()`` segments that nothing else uses; they may name each other. Raises ``SegmentInUse``."""
    with changing_memberships():
        segments = list(segments)
        for segment in segments:
            refuse_deletion(segment, also_deleted=segments)
        if not is_told_elsewhere():
            log_all(DELETED, [(segment, {}) for segment in segments])
        for batch in batches(segment.pk for segment in segments):
            delete_rows(Membership.objects.filter(segment__in=batch))
            delete_rows(ManualMember.objects.filter(segment__in=batch))
            segments_deleting.send(sender=Segment, segment_ids=batch)
        deleted = delete()
        _tell(segments, deleted=True)
    return deleted


def refuse_rename(segment: Segment) -> None:
    """Raise ``SegmentInUse`` when the short name is another one now and rules name the old one."""
    if segment._state.adding:
        return
    old = Segment.objects.filter(pk=segment.pk).values_list("slug", flat=True).first()
    if old not in (None, segment.slug):
        refuse_losing(old)


def refuse_losing(slug: str, besides: Collection[int] = ()) -> None:
    """Raise ``SegmentInUse`` when rules of others than ``besides`` (their ids) name this short name."""
    if namers := [namer for namer in segments_naming(slug) if namer.pk not in besides]:
        raise SegmentInUse(
            {
                "slug": _("The short name cannot change while other segments name it: %(names)s.")
                % {"names": ", ".join(f"“{namer.name}”" for namer in namers)}
            }
        )


def _refuse_going_offline(segment: Segment) -> None:
    """Raise ``SegmentInUse`` when a live segment becomes a draft that something names."""
    if not segment.live and not segment._state.adding and Segment.objects.filter(pk=segment.pk, live=True).exists():
        refuse_unpublishing(segment)


def refuse_tainted_rule(segment: Segment) -> None:
    """Raise ``ValidationError`` when the rule would make a segment self-chosen that restricts something."""
    if not segment._state.adding and dependencies(segment.rule).self_chosen:
        refuse_taint([segment, *touched_by([segment.slug])])


def _follow(segments: Iterable[Segment]) -> None:
    segments = list(segments)
    touched = {segment.pk: segment for segment in touched_by(segment.slug for segment in segments)}
    everything = {segment.pk: segment for segment in segments} | touched
    refresh(everything.values(), cause="rule")
    _refuse_tainted(everything)


def _refuse_tainted(pks: Collection[int]) -> None:
    for batch in batches(pks):
        refuse_taint(Segment.objects.filter(pk__in=batch, self_chosen=True))


def _tell(segments: Iterable[Segment], *, deleted: bool) -> None:
    versions.grow(versions.SEGMENTS)
    for segment in segments:
        segment_changed.send(sender=Segment, segment_uuid=segment.uuid, deleted=deleted)
