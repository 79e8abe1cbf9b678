"""Bringing what rules give in line with who is in which segment.

A rule is the definition and ``Subscription.given`` only its stored result, so this may run twice, late or for anybody.
There are two ways to the same end. For people who are named, their rules are read and compared in memory. For
everybody, the database compares in place. Only the difference is written, in sets.

``apply`` runs inside the frame in which memberships change, so nobody's segments change under it.
"""

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.lookups import IsNull
from django.utils import timezone

from wagtail_personalize import hookspecs
from wagtail_personalize.conf import get_settings
from wagtail_personalize.people.batches import batches
from wagtail_personalize.segments import versions
from wagtail_personalize.segments.changing import changing_memberships
from wagtail_personalize.segments.models import Membership
from wagtail_personalize.setsql import insert_select

from ..subscribing.choosing import SUBSCRIPTIONS
from ..subscribing.models import Given, Level, Subscription, What
from .applied import Applied
from .models import Mode, SubscriptionRule
from .writing import Switch, end, let_run_out, switch

#: Modes and keys of rules in one number: a mode weighs more than any key.
_WEIGHT = 2**40
_RULES = "segment__subscription_rules"
_GIVEN = [Given.ON, Given.MANDATORY]


def apply(
    source_ids: Collection[int] | None = None,
    person_ids: Collection[Any] | None = None,
    *,
    why_ended: What = What.ENDED,
) -> Applied:
    """Apply the rules of these sources (``None``: all) for these people (their keys; ``None``: everybody)."""
    done = Applied()
    with changing_memberships():
        versions.hold(SUBSCRIPTIONS)
        rules = SubscriptionRule.objects.all()
        found = list(rules if source_ids is None else rules.filter(source__in=source_ids))
        if not found:
            return done
        if person_ids is not None:
            for some in batches(sorted(set(person_ids), key=str)):
                _Named(some, why_ended, done).write()
        else:
            _Everybody(found, why_ended, done).write()
        if done.is_change:
            sources = {rule.source_id for rule in found} | done.source_ids
            people = None if person_ids is None else list(person_ids)
            hookspecs.subscriptions_changed.send(sender=Subscription, source_ids=sources, person_ids=people)
    return done


def most() -> dict[int, int]:
    """How many sources rules may give to one person, by mode."""
    settings = get_settings()
    return {Mode.MANDATORY: settings.MOST_MANDATORY, Mode.ON: settings.MOST_AUTOMATIC}


def waiting_for_a_place(person_ids: Collection[Any]) -> list[Any]:
    """Those of these people, who lost a source or kept it for themselves, who may now have what was one too many."""
    numbers = _numbers()
    reached = [mode for mode, number in most().items() if numbers.get(mode, 0) >= number]
    if not person_ids or not reached:
        return []  # nobody was ever over a cap
    given = Subscription.objects.filter(person=OuterRef("person"), source=OuterRef("wanted"), given__in=_GIVEN)
    rows = Membership.objects.filter(**{f"{_RULES}__mode__in": reached}).annotate(wanted=F(f"{_RULES}__source"))
    waiting = set(rows.filter(~Exists(given)).order_by().values_list("person", flat=True).distinct())
    return sorted(waiting.intersection(person_ids), key=str)


def _numbers() -> dict[int, int]:
    """How many sources have active rules, by mode."""
    active = SubscriptionRule.objects.filter(mode__gte=Mode.ON).order_by()
    return dict(active.values_list("mode").annotate(Count("source", distinct=True)))


class _Named:
    """A batch of people, compared in memory; all their rules, because together they may be too many."""

    def __init__(self, people: list[Any], why_ended: What, done: Applied) -> None:
        self.people, self.why_ended, self.done = people, why_ended, done
        self.rules = {rule.pk: rule for rule in SubscriptionRule.objects.all()}

    def write(self) -> None:
        wanted = self._wanted()
        sources = {rule.source_id for rule in self.rules.values()}
        rows = Subscription.objects.filter(person__in=self.people, source__in=sources)
        stored = {(row.person_id, row.source_id): row for row in rows}
        gone = [row for key, row in stored.items() if key not in wanted and row.given in _GIVEN]
        _end_or_let_run_out(((row.pk, row.rule_id, row.ends_at) for row in gone), self.rules, self.why_ended, self.done)
        different = (
            (row.pk, rule)
            for key, rule in wanted.items()
            if (row := stored.get(key)) and (row.given, row.rule_id, row.ends_at) != (rule.mode, rule.pk, None)
        )
        _switch(different, self.done)
        self._insert({key: rule for key, rule in wanted.items() if key not in stored})
        self.done.source_ids |= sources

    def _wanted(self) -> dict[tuple[Any, int], SubscriptionRule]:
        """The rule that gives a source to a person: the strongest, then the oldest; as many as a person may have."""
        active = {pk: rule for pk, rule in self.rules.items() if rule.mode >= Mode.ON}
        segments = {rule.segment_id for rule in active.values()}
        members = Membership.objects.filter(person__in=self.people, segment__in=segments)
        by_segment = defaultdict(list)
        for rule in active.values():
            by_segment[rule.segment_id].append(rule)
        mine: dict[Any, dict[int, SubscriptionRule]] = defaultdict(dict)
        for person, segment in members.order_by().values_list("person", "segment"):
            for rule in by_segment[segment]:
                known = mine[person].get(rule.source_id)
                if known is None or (-rule.mode, rule.pk) < (-known.mode, known.pk):
                    mine[person][rule.source_id] = rule
        return {(person, rule.source_id): rule for person, rules in mine.items() for rule in _allowed(rules.values())}

    def _insert(self, missing: dict[tuple[Any, int], SubscriptionRule]) -> None:
        now = timezone.now()
        rows = [
            Subscription(person_id=person, source_id=source, given=rule.mode, rule=rule, level=Level.NORMAL, since=now)
            for (person, source), rule in missing.items()
        ]
        Subscription.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
        self.done.began += len(rows)


def _allowed(rules: Iterable[SubscriptionRule]) -> list[SubscriptionRule]:
    """The oldest rules of each mode, as many as one person may have."""
    found: list[SubscriptionRule] = []
    for mode, number in most().items():
        found += sorted((rule for rule in rules if rule.mode == mode), key=lambda rule: rule.pk)[:number]
    return found


class _Everybody:
    """All people, compared by the database; who has too many rules is compared by name."""

    def __init__(self, rules: list[SubscriptionRule], why_ended: What, done: Applied) -> None:
        self.rules = {rule.pk: rule for rule in rules}
        self.active = [rule for rule in rules if rule.mode >= Mode.ON]
        self.sources = {rule.source_id for rule in rules}
        self.why_ended, self.done = why_ended, done
        self.freed: set[Any] = set()

    def write(self) -> None:
        crowded = self._crowded()
        rows = self._but(crowded, Subscription.objects.filter(source__in=self.sources))
        gone = rows.filter(given__in=_GIVEN).filter(IsNull(self._giving(), True))
        gone = gone.order_by().values_list("pk", "rule", "ends_at", "person")
        _end_or_let_run_out(self._noting(gone.iterator()), self.rules, self.why_ended, self.done)
        stored = self._switch(rows)
        self._insert(crowded, stored)
        for some in batches([*crowded, *waiting_for_a_place(self.freed.difference(crowded))]):
            _Named(some, self.why_ended, self.done).write()

    def _noting(self, gone: Iterable[tuple]) -> Iterable[tuple]:
        """Who loses something may have a place for something else."""
        for *row, person in gone:
            self.freed.add(person)
            yield tuple(row)

    def _crowded(self) -> list[Any]:
        """Who may have more rules than are allowed; nobody where there are not as many."""
        numbers = _numbers()
        over = [mode for mode, number in most().items() if numbers.get(mode, 0) > number]
        crowded: set[Any] = set()
        for mode in over:
            rows = Membership.objects.filter(**{f"{_RULES}__mode": mode}).order_by().values("person")
            rows = rows.annotate(sources=Count(f"{_RULES}__source", distinct=True)).filter(sources__gt=most()[mode])
            crowded.update(rows.values_list("person", flat=True))
        return sorted(crowded, key=str)

    def _but(self, crowded: list[Any], rows: QuerySet, person: str = "person") -> QuerySet:
        return rows.exclude(**{f"{person}__in": crowded}) if crowded else rows

    def _giving(self) -> Subquery:
        """For a subscription: something, if a rule should give it. With one rule no best one is looked for."""
        if len(self.active) == len(self.sources) == 1:
            return self._membership(self.active[0])
        return self._wanted("pk")

    def _membership(self, rule: SubscriptionRule) -> Subquery:
        """For a subscription: the membership in the segment of a rule."""
        members = Membership.objects.filter(segment=rule.segment_id, person=OuterRef("person"))
        return Subquery(members.values("pk")[:1])

    def _wanted(self, field: str) -> Subquery:
        """For a subscription: a field of the rule that should give it."""
        rules = SubscriptionRule.objects.filter(
            source=OuterRef("source"), mode__gte=Mode.ON, segment__memberships__person=OuterRef("person")
        )
        return Subquery(rules.order_by("-mode", "pk").values(field)[:1])

    def _switch(self, rows: QuerySet) -> bool:
        """Give to who has a row already what they should be given; says whether there are any rows."""
        if not self.active or not rows.exists():
            return False
        if len(self.active) == 1:
            # The usual case needs no comparison of rules.
            rule = self.active[0]
            right = Q(rule=rule.pk, given=rule.mode, ends_at=None)
            rows = rows.exclude(right, rule__isnull=False).filter(source=rule.source_id)
            keys = rows.filter(IsNull(self._membership(rule), False)).order_by().values_list("pk", flat=True)
            _switch(((pk, rule) for pk in keys.iterator()), self.done)
            return True
        rows = rows.annotate(wanted=self._wanted("pk"), wanted_mode=self._wanted("mode")).filter(wanted__isnull=False)
        right = Q(rule=F("wanted"), given=F("wanted_mode"), ends_at=None)
        different = rows.exclude(right, rule__isnull=False).order_by().values_list("pk", "wanted")
        _switch(((pk, self.rules[rule]) for pk, rule in different.iterator()), self.done)
        return True

    def _insert(self, crowded: list[Any], stored: bool) -> None:
        """Subscriptions that are not there. After ``_switch`` those that are there name the right rule already.

        For one rule, who has a row is looked up in its index. A difference of two sets costs the same whatever the
        database believes about their sizes.
        """
        if not self.active:
            return
        wanted = self._but(crowded, self._all_wanted())
        if stored and len(self.active) == 1:
            rows = Subscription.objects.filter(source=self.active[0].source_id, person=OuterRef("person"))
            wanted = wanted.filter(~Exists(rows))
        elif stored:
            rows = self._but(crowded, Subscription.objects.filter(source__in={r.source_id for r in self.active}))
            wanted = wanted.difference(self._as_wanted(rows))
        columns = ["person", "source", "given", "rule", "level", "since"]
        self.done.began += insert_select(Subscription, columns, wanted, ignore_conflicts=True)

    def _all_wanted(self) -> QuerySet:
        self.now = Value(timezone.now())
        level = Value(Level.NORMAL)
        if len(self.active) == 1:
            rule = self.active[0]
            values = (Value(rule.source_id), Value(rule.mode), Value(rule.pk), level, self.now)
            return Membership.objects.filter(segment=rule.segment_id).order_by().values_list("person", *values)
        keys = [rule.pk for rule in self.active]
        rows = Membership.objects.filter(**{f"{_RULES}__in": keys}).order_by()
        rows = rows.values("person", f"{_RULES}__source").annotate(
            strongest=Max(f"{_RULES}__mode"),
            best=Max(f"{_RULES}__mode") * _WEIGHT - Max(F(f"{_RULES}__mode") * _WEIGHT - F(f"{_RULES}__pk")),
            usual=level,
            now=self.now,
        )
        return rows.values_list("person", f"{_RULES}__source", "strongest", "best", "usual", "now")

    def _as_wanted(self, rows: QuerySet) -> QuerySet:
        return rows.order_by().values_list("person", "source", "given", "rule", Value(Level.NORMAL), self.now)


def _end_or_let_run_out(
    rows: Iterable[tuple[int, int | None, Any]], rules: dict[int, SubscriptionRule], why: What, done: Applied
) -> None:
    """What no rule gives any more ends: at once, or when the grace period of the rule that gave it is over."""
    now, over = timezone.now(), array("q")
    running_out: dict[int, array] = {}
    for pk, rule, ends_at in rows:
        days = rules[rule].grace_days if rule in rules and why == What.ENDED else 0
        if days and ends_at is None:
            running_out.setdefault(days, array("q")).append(pk)
        elif not days or ends_at <= now:
            over.append(pk)
    for days, keys in running_out.items():
        done.running_out += let_run_out(keys, now + timedelta(days=days))
    done.ended += end(over, why)


def _switch(rows: Iterable[tuple[int, SubscriptionRule]], done: Applied) -> None:
    """Let these subscriptions be given by these rules."""
    by_rule: dict[SubscriptionRule, array] = {}
    for pk, rule in rows:
        by_rule.setdefault(rule, array("q")).append(pk)
    for rule, keys in by_rule.items():
        done.changed += switch(keys, Switch(rule.mode, rule.pk))
