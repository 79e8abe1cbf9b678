"""When what is followed goes, its source goes with everything about it; in sets, however many people followed it."""

from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from wagtail_personalize.people.batches import batches
from wagtail_personalize.segments import versions
from wagtail_personalize.setsql import delete_rows, insert_select

from ..automatic.models import SubscriptionRule
from ..saved_filters.models import SavedFilter
from ..subscribing.choosing import SUBSCRIPTIONS
from ..subscribing.models import Given, Level, Shortcut, Subscription, SubscriptionChange, What
from ..timeline.models import TimelineItem
from .kinds import kind_called
from .models import Source


def forget(kind: str, keys: Iterable[str]) -> None:
    """These do not exist any more."""
    remove(list(Source.objects.filter(kind=kind, key__in=list(keys)).values_list("pk", flat=True)))


def forget_missing(kind: str, keys: Collection[str]) -> None:
    """Those of these keys of which nothing is left."""
    known = kind_called(kind)
    rows = dict(Source.objects.filter(kind=kind, key__in=list(keys)).values_list("key", "pk"))
    if rows:
        present = known.present(rows) if known else set(rows)
        remove([pk for key, pk in rows.items() if key not in present])


def tidy() -> int:
    """Forget all sources of which nothing is left, whoever did not tell; returns how many."""
    removed = 0
    for kind in list(Source.objects.order_by().values_list("kind", flat=True).distinct()):
        if kind_called(kind):
            keys = list(Source.objects.filter(kind=kind).order_by("pk").values_list("key", flat=True))
            for some in batches(keys, 500):
                before = Source.objects.count()
                forget_missing(kind, some)
                removed += before - Source.objects.count()
    return removed


@transaction.atomic
def remove(source_ids: Collection[int]) -> None:
    """Delete sources, the subscriptions to them, their history, shortcuts and rules."""
    if not source_ids:
        return
    versions.hold(SUBSCRIPTIONS)
    in_filters = SavedFilter.sources.through
    for model in (Shortcut, SubscriptionChange, Subscription, SubscriptionRule, TimelineItem, in_filters):
        delete_rows(model.objects.filter(source__in=source_ids))
    delete_rows(Source.objects.filter(pk__in=source_ids))


@transaction.atomic
def merge(one: Source, into: Source) -> None:
    """Who follows ``one`` follows ``into`` from now on, unless they said something about that themselves."""
    versions.hold(SUBSCRIPTIONS)
    now = Value(timezone.now())
    there = Subscription.objects.filter(source=into)
    own = Coalesce("own", Value(Level.NORMAL))
    rows = Subscription.objects.filter(source=one, level__gt=Level.OFF).exclude(person__in=there.values("person"))
    target, nothing = Value(into.pk), Value(Given.NOTHING)
    people = rows.order_by().values_list("person", target, Value(What.MOVED), now)
    insert_select(SubscriptionChange, ["person", "source", "what", "at"], people)
    moved = rows.order_by().values_list("person", target, own, nothing, own, now)
    insert_select(Subscription, ["person", "source", "own", "given", "level", "since"], moved, ignore_conflicts=True)
    taken = SubscriptionRule.objects.filter(source=into).values_list("segment", flat=True)
    SubscriptionRule.objects.filter(source=one).exclude(segment__in=list(taken)).update(source=into)
    in_filters = SavedFilter.sources.through.objects
    there = list(in_filters.filter(source=into).values_list("savedfilter", flat=True))
    in_filters.filter(source=one).exclude(savedfilter__in=there).update(source=into)
    remove([one.pk])
