"""Writing what a plan says: everything or nothing, with one entry in the log for each segment.

A segment is written as an editor would: its members follow in the same transaction, and a version that an editor has
open is replaced by what the file says.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, router, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from wagtail_personalize.people.batches import batches

from ..changing import changing_memberships
from ..log_entries import CREATED, DELETED, told_elsewhere
from ..log_entries import EDITED as LOADED
from ..models import ManualMember, Segment, SegmentCategory
from ..rules.sentence import sentences
from .form import LISTS, Entry
from .people import keys_of
from .planning import plan
from .reading import CannotLoad
from .steps import Plan, Step


def load(entries: list[Entry], *, delete: bool = False, user: Any = None) -> Plan:
    """Make the site's segments say what ``entries`` say; raises ``CannotLoad`` and has changed nothing then.

    ``delete``: segments that the file does not name are deleted, if nothing uses them.
    """
    with changing_memberships(), told_elsewhere():
        planned = plan(entries, delete=delete)
        categories = _categories(step.entry for step in planned.steps if step.does_something)
        keys = keys_of(planned.people)
        for step in planned.steps:
            if step.does_something:
                _write(step, categories, keys, user)
        if delete:
            _delete(planned.others, user)
    return planned


def rehearse(entries: list[Entry], *, delete: bool = False) -> None:
    """Load ``entries`` and take it all back: raises ``CannotLoad`` exactly when, and with what, ``load`` would.

    For as long as that takes nobody else can change who is in what.
    """
    with transaction.atomic(using=router.db_for_write(Segment)):
        load(entries, delete=delete)
        transaction.set_rollback(True, using=router.db_for_write(Segment))


def _write(step: Step, categories: dict[str, SegmentCategory], keys: dict[str, Any], user: Any) -> None:
    segment = step.segment or Segment(**({"uuid": step.entry["uuid"]} if "uuid" in step.entry else {}))
    before = segment.rule
    for key in ("name", "slug", "description", "live", "rule"):
        setattr(segment, key, step.entry.get(key, getattr(segment, key)))
    if "category" in step.entry:
        segment.category = categories.get(step.entry["category"])
    try:
        _save(segment)
        _write_lists(segment, step, keys)
    except ValidationError as refused:
        raise CannotLoad([f"{step.place}: {sentence}" for sentence in refused.messages]) from None
    except IntegrityError:
        raise CannotLoad([f"{step.place}: " + _("Another segment has this name or short name.")]) from None
    log(segment, CREATED if step.is_new else LOADED, data=_told(step, before), user=user, content_changed=True)


def _save(segment: Segment) -> None:
    """A segment that has versions gets a new one, so that nobody goes on from an old one."""
    if segment.pk is None or segment.latest_revision_id is None:
        segment.save()
        return
    segment.has_unpublished_changes = not segment.live
    segment.save()
    revision = segment.save_revision(clean=False, changed=False)
    if segment.live:
        Segment.objects.filter(pk=segment.pk).update(live_revision=revision, has_unpublished_changes=False)


def _write_lists(segment: Segment, step: Step, keys: dict[str, Any]) -> None:
    for key, always in LISTS.items():
        if key not in step.entry or (not step.is_new and key not in step.changes):
            continue
        wanted = {keys[name] for name in step.entry[key]}
        rows = ManualMember.objects.filter(segment=segment, always=always)
        for some in batches([row.pk for row in rows if row.person_id not in wanted]):
            ManualMember.objects.filter(pk__in=some).delete()
        other = ManualMember.objects.filter(segment=segment).exclude(always=always)
        for some in batches(wanted):
            other.filter(person__in=some).delete()
        missing = wanted - {row.person_id for row in rows}
        ManualMember.objects.bulk_create(
            [ManualMember(segment=segment, person_id=person, always=always) for person in sorted(missing)]
        )


def _told(step: Step, before: Any) -> dict[str, Any]:
    """What the log keeps: which parts changed, and the rule as sentences. No names of people."""
    told: dict[str, Any] = {"loaded": sorted(step.changes) if step.changes else ["rule"]}
    if "rule" in step.changes:
        told["before"], told["after"] = sentences([before, step.entry["rule"]])
    return told


def _delete(others: list[Segment], user: Any) -> None:
    for segment in others:
        log(segment, DELETED, user=user, deleted=True)
    try:
        Segment.objects.filter(pk__in=[segment.pk for segment in others]).delete()
    except ValidationError as refused:
        raise CannotLoad(refused.messages) from None


def _categories(entries: Iterable[Entry]) -> dict[str, SegmentCategory]:
    """The categories that entries name, by name; missing ones are made."""
    wanted = sorted({entry["category"] for entry in entries if entry.get("category")})
    found = {category.name: category for category in SegmentCategory.objects.filter(name__in=wanted)}
    return found | {name: _new_category(name) for name in wanted if name not in found}


def _new_category(name: str) -> SegmentCategory:
    new = SegmentCategory(name=name)
    try:
        with transaction.atomic(using=router.db_for_write(SegmentCategory)):
            new.save()
    except IntegrityError:
        taken = new.unique_error_message(SegmentCategory, ("name",))
        raise CannotLoad([f"“{name}”: {sentence}" for sentence in taken.messages]) from None
    return new
