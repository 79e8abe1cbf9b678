"""Everybody and many segments, a crowd of people at a time.

Each crowd is one transaction in which its people are read, all rules are answered (see ``accelerator``) and only the
difference is written. So nobody who saves a profile waits long, and a refresh that is killed leaves every membership
either as it was or as it should be. Rules are compiled anew for each crowd, because segments, names and the day may
change between two of them.
"""

from collections.abc import Callable, Collection
from typing import Any, NamedTuple

from django.db import router
from django.utils import timezone

from wagtail_personalize.people.batches import batches

from .accelerator import Crowd, People, Program, Span
from .accelerator.stored import differences
from .changing import changing_memberships, patiently
from .comparing import Change, compare_crowd, compare_everybody, empty
from .days import today
from .deriving import Meaning, Understanding, store_flags, understand
from .models import Cause, Membership, Segment

#: People in a crowd. Twice as many make a refresh a tenth faster, and others wait twice as long.
CROWD = 50_000
#: People whose keys a signal lists; with more, it says that anybody may be concerned.
MOST_LISTED = 5_000

#: Told of each change, with the people concerned (``None``: anybody), in its transaction.
Announce = Callable[[Change, list[Any] | None], None]


class Step(NamedTuple):
    """What was done with a crowd, and the last key in it; ``None`` when it was the last crowd."""

    change: Change
    reached: Any


def compare_in_crowds(segment_ids: Collection[int] | None, cause: str, announce: Announce) -> Change:
    """Write the difference for these segments (``None``: all) and everybody."""
    done, after = Change(), None
    while True:
        step = patiently(lambda after=after: _compare_next(segment_ids, after, cause, announce))
        done |= step.change
        if step.reached is None:
            break
        after = step.reached
    patiently(lambda: _mark_refreshed(segment_ids))
    return done


#: What breaks or mends a segment, a rule or what it names, is never what happened to a person.
WHY_FOR_ALL = {Cause.MANUAL: Cause.RULE} | dict.fromkeys([Cause.PROFILE, Cause.IMPORT, Cause.BULK], Cause.NAMES)


def settle(found: list[Meaning], cause: str) -> Change:
    """What concerns everybody: nobody stays in a broken segment, and those in a mended one are found again.

    Stores in the same transaction which segments are broken, so whoever names them fails closed from then on.
    """
    why = WHY_FOR_ALL.get(cause, cause)
    change = empty((meaning.segment.pk for meaning in found if meaning.is_broken), why)
    for meaning in found:
        if meaning.is_mended:
            change |= compare_everybody(meaning.segment.pk, meaning.q, why)
    store_flags(found)
    return change


def program_of(understood: Understanding) -> Program | None:
    """What answers the segments that have a meaning, and all that they name; ``None``: no segment has one."""
    if understood.definitions is None:
        return None
    definitions = understood.definitions
    usable = {slug: named for slug, named in understood.named.items() if not definitions.problem(slug)}
    return Program(definitions, usable) if usable else None


def _compare_next(segment_ids: Collection[int] | None, after: Any, cause: str, announce: Announce) -> Step:
    """The crowd of those whose keys come after this one."""
    with changing_memberships():
        understood = understand(_segments(segment_ids), today())
        settled = settle(understood.meanings, cause)
        announce(settled, None)
        program = program_of(understood)
        if program is None:
            return Step(settled, None)
        using = router.db_for_write(Membership)
        crowd = Crowd(program, Span(after), using, most=CROWD)
        reached = None if crowd.is_last else crowd.key(crowd.people[-1])
        scope = Span(after, reached)
        members = crowd.members(scope)
        usable = [meaning.segment.pk for meaning in understood.meanings if not meaning.is_broken]
        different = differences(crowd, scope, {pk: members[pk] for pk in usable}, using)
        change = compare_crowd(different, cause)
        announce(change, different.people(MOST_LISTED))
        return Step(settled | change, reached)


def compare_small_crowd(program: Program, segment_ids: Collection[int], person_ids: list[Any], cause: str) -> Change:
    """Write the difference for these segments, which have a meaning, and at most a thousand people."""
    using, scope = router.db_for_write(Membership), People(person_ids)
    crowd = Crowd(program, scope, using)
    members = crowd.members(scope)
    wanted = {pk: members[pk] for pk in segment_ids}
    return compare_crowd(differences(crowd, scope, wanted, using, with_keys=True), cause)


def _segments(segment_ids: Collection[int] | None) -> list[Segment]:
    segments = Segment.objects.order_by("pk")
    if segment_ids is None:
        return list(segments)
    return [segment for some in batches(segment_ids) for segment in segments.filter(pk__in=some)]


def _mark_refreshed(segment_ids: Collection[int] | None) -> None:
    with changing_memberships():
        keys = Segment.objects.order_by("pk").values_list("pk", flat=True) if segment_ids is None else segment_ids
        for some in batches(list(keys)):
            Segment.objects.filter(pk__in=some).update(refreshed_at=timezone.now())
