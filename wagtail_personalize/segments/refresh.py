"""Bringing the stored memberships in line with the rules.

The rule is the definition and ``Membership`` only its stored result, so a refresh may run twice, late, or beside
another one. For everybody, the database compares in place: one ``INSERT … SELECT`` and one ``DELETE`` per segment, each
segment in a transaction of its own. For a few people, all rules are answered together
(``answers.people_in``) and only the difference is written. Who stays keeps ``since``.
"""

from collections.abc import Collection, Iterable
from functools import reduce
from typing import Any, NamedTuple

from django.utils import timezone

from wagtail_personalize.hookspecs import memberships_changed
from wagtail_personalize.people.batches import batches
from wagtail_personalize.people.folded_values import remember

from . import shared_cache, versions
from .changing import catch_up, changing_memberships, patiently
from .checking import check
from .comparing import Change, compare_everybody, compare_people, empty
from .days import today
from .deriving import meanings, store_flags
from .models import Segment

__all__ = ["Difference", "check", "ensure_today", "refresh"]

#: With more people than this it is cheaper to compare everybody in place.
FEW_PEOPLE = 5000


class Difference(NamedTuple):
    """How many memberships began and ended."""

    joined: int
    left: int


NONE = Difference(0, 0)


def refresh(
    segments: Iterable[Segment | int] | None = None, person_ids: Collection[Any] | None = None, cause: str = "refresh"
) -> Difference:
    """Re-evaluate ``segments`` (or their ids; ``None``: all) for these people (users' keys; ``None``: everybody).

    Returns how many memberships began and ended, and sends ``memberships_changed`` with ``cause`` if any did. All
    segments for everybody is the nightly refresh: it finds every change that nobody told.
    """
    if segments is None and person_ids is None:
        return _refresh_all(cause)
    ids = _all_ids() if segments is None else sorted({getattr(segment, "pk", segment) for segment in segments})
    if person_ids is not None and len(person_ids) <= FEW_PEOPLE:
        return _refresh_people(ids, sorted(set(person_ids)), cause)
    return _sum(_refresh_everybody(pk, cause) for pk in ids)


def ensure_today() -> bool:
    """Refresh what depends on the date, once for each local day; whether this call did it.

    For lists, sizes, digests and notifications that must not wait for the nightly command.
    """
    day = today().toordinal()
    if versions.number_of(versions.DAY) >= day:
        return False
    with changing_memberships():
        if versions.number_of(versions.DAY) >= day:
            return False
        refresh(Segment.objects.filter(depends_on_date=True), cause="day")
        versions.reach_day(day)
    return True


def _all_ids() -> list[int]:
    return list(Segment.objects.order_by("pk").values_list("pk", flat=True))


def _sum(differences: Iterable[Difference]) -> Difference:
    return reduce(lambda one, other: Difference(one.joined + other.joined, one.left + other.left), differences, NONE)


def _refresh_all(cause: str) -> Difference:
    day = today()
    patiently(catch_up)
    difference = _sum(patiently(lambda pk=pk: _refresh_everybody(pk, cause, texts_are_known=True)) for pk in _all_ids())
    patiently(lambda: versions.reach_day(day.toordinal()))
    return difference


def _refresh_everybody(pk: int, cause: str, *, texts_are_known: bool = False) -> Difference:
    with changing_memberships():
        found = meanings(Segment.objects.filter(pk=pk), today())
        if not found:
            return NONE
        if not texts_are_known:
            remember(found[0].flags["mentions"])
        change = compare_everybody(pk, found[0].q)
        store_flags(found)
        Segment.objects.filter(pk=pk).update(refreshed_at=timezone.now())
        return _announce(change, None, cause)


def _refresh_people(ids: list[int], person_ids: list[Any], cause: str) -> Difference:
    with changing_memberships():
        found = meanings(Segment.objects.filter(pk__in=ids).order_by("pk"), today())
        change = empty(meaning.segment.pk for meaning in found if meaning.q is None)
        for meaning in found:
            if meaning.is_mended:
                change |= compare_everybody(meaning.segment.pk, meaning.q)
        concerned = None if change.segment_ids else person_ids
        rules = [(meaning.segment.pk, meaning.q) for meaning in found if meaning.q is not None]
        for batch in batches(person_ids) if rules else ():
            change |= compare_people(rules, batch)
        store_flags(found)
        return _announce(change, concerned, cause)


def _announce(change: Change, person_ids: list[Any] | None, cause: str) -> Difference:
    if change.segment_ids:
        shared_cache.forget_on_commit()
        memberships_changed.send(sender=None, segment_ids=change.segment_ids, person_ids=person_ids, cause=cause)
    return Difference(change.joined, change.left)
