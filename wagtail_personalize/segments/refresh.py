"""Bringing the stored memberships in line with the rules.

The rule is the definition and ``Membership`` only its stored result, so a refresh may run twice, late, or beside
another one. Who stays keeps ``since``. There are three ways to the same end, and each is the fastest for its case:

* A few segments and everybody: the database compares in place, with an ``INSERT … SELECT`` and a ``DELETE``.
* Many segments and everybody: the profiles are read once, a crowd of people at a time (``everybody``).
* A few people: all rules are answered together, in one statement or as a small crowd.
"""

from collections.abc import Collection, Iterable
from functools import partial, reduce
from typing import Any, NamedTuple

from django.utils import timezone

from wagtail_personalize.hookspecs import memberships_changed
from wagtail_personalize.people.batches import batches
from wagtail_personalize.people.folded_values import remember

from . import shared_cache, versions
from .changing import catch_up, changing_memberships, patiently
from .checking import check
from .comparing import Change, compare_everybody, compare_people
from .days import today
from .deriving import meanings, store_flags, understand
from .everybody import compare_in_crowds, compare_small_crowd, program_of, settle
from .models import Segment
from .new_day import begin_day, ensure_today

__all__ = ["Difference", "check", "ensure_today", "refresh"]

#: With more people than this it is cheaper to compare everybody.
FEW_PEOPLE = 20_000
#: With more segments than this it is cheaper to read the profiles once than to ask for each segment.
FEW_SEGMENTS = 10
#: With more answers to give than this, people times rules, it is cheaper to read the profiles than to ask for them.
FEW_ANSWERS = 2_000


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
    if len(ids) > FEW_SEGMENTS:
        patiently(lambda: _remember_texts(ids))
        return _difference(compare_in_crowds(ids, cause, partial(_announce, cause=cause)))
    return _sum(_refresh_everybody(pk, cause) for pk in ids)


def _all_ids() -> list[int]:
    return list(Segment.objects.order_by("pk").values_list("pk", flat=True))


def _sum(differences: Iterable[Difference]) -> Difference:
    return reduce(lambda one, other: Difference(one.joined + other.joined, one.left + other.left), differences, NONE)


def _refresh_all(cause: str) -> Difference:
    day = today()
    patiently(catch_up)
    begun = patiently(begin_day) if versions.number_of(versions.DAY) else None
    change = compare_in_crowds(None, cause, partial(_announce, cause=cause))
    patiently(lambda: versions.reach_day(day.toordinal()))
    return _sum([begun or NONE, _difference(change)])


def _refresh_everybody(pk: int, cause: str) -> Difference:
    with changing_memberships():
        found = meanings(Segment.objects.filter(pk=pk), today())
        if not found:
            return NONE
        remember(found[0].flags["mentions"])
        change = compare_everybody(pk, found[0].q, cause)
        store_flags(found)
        Segment.objects.filter(pk=pk).update(refreshed_at=timezone.now())
        _announce(change, None, cause)
        return _difference(change)


def _refresh_people(ids: list[int], person_ids: list[Any], cause: str) -> Difference:
    with changing_memberships():
        understood = understand(Segment.objects.filter(pk__in=ids).order_by("pk"), today())
        change = settle(understood.meanings, cause)
        concerned = None if change.segment_ids else person_ids
        sound = [meaning for meaning in understood.meanings if not meaning.is_broken]
        if len(sound) * len(person_ids) > FEW_ANSWERS:
            compare = partial(compare_small_crowd, program_of(understood), [meaning.segment.pk for meaning in sound])
        else:
            compare = partial(compare_people, [(meaning.segment.pk, meaning.q) for meaning in sound])
        for batch in batches(person_ids) if sound else ():
            change |= compare(batch, cause)
        _announce(change, concerned, cause)
        return _difference(change)


def _remember_texts(ids: list[int]) -> None:
    """Fold the texts that these segments ask for, as far as nobody told of them."""
    with changing_memberships():
        mentions = Segment.objects.filter(pk__in=ids).values_list("mentions", flat=True)
        remember({name for names in mentions for name in names})


def _announce(change: Change, person_ids: list[Any] | None, cause: str) -> None:
    if change.segment_ids:
        shared_cache.forget_on_commit()
        memberships_changed.send(sender=None, segment_ids=change.segment_ids, person_ids=person_ids, cause=cause)


def _difference(change: Change) -> Difference:
    return Difference(change.joined, change.left)
