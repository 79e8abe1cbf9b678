"""Setting the rules of auto-subscription: who may, whom it would touch, and what happens to the people.

What a rule gives is written in the transaction in which the rule is set. Who may edit the page itself is for the
caller to ask.
"""

from array import array
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from wagtail_personalize.segments import versions
from wagtail_personalize.segments.changing import changing_memberships
from wagtail_personalize.segments.models import Membership, Segment
from wagtail_personalize.segments.refresh import ensure_today
from wagtail_personalize.segments.rights import usable_by

from ..sources.finding import label_for_editors
from ..sources.models import Source
from ..subscribing.choosing import SUBSCRIPTIONS
from ..subscribing.models import Given, Level, Subscription, What
from .applied import Applied
from .applying import apply, most, waiting_for_a_place
from .logging import log_rule
from .models import Mode, SubscriptionRule
from .writing import keep

CHANGE = "personalize_streams.change_subscriptionrule"
MAKE_MANDATORY = "personalize_streams.make_mandatory"
#: Above this number of people an editor is asked once more.
ASK_ABOVE = 500


@dataclass(frozen=True)
class Wanted:
    """A rule as an editor wants it."""

    source: Source
    segment: Segment
    mode: int
    grace_days: int = 0


def may_change(user: Any) -> bool:
    """May this user subscribe people automatically?"""
    return user.has_perm(CHANGE)


def may_make_mandatory(user: Any) -> bool:
    return user.has_perm(CHANGE) and user.has_perm(MAKE_MANDATORY)


def refuse(wanted: Wanted, user: Any) -> None:
    """Raise ``ValidationError`` when this user may not set this rule, or nobody may."""
    before = current(wanted)
    if Mode.MANDATORY in (wanted.mode, before.mode if before else None) and not may_make_mandatory(user):
        raise ValidationError(_("You may not make subscriptions mandatory, nor end that they are."), code="mandatory")
    if before is None and not usable_by(user).filter(pk=wanted.segment.pk).exists():
        raise ValidationError(_("You may not use this segment."), code="segment")
    if wanted.mode == Mode.MANDATORY and wanted.segment.self_chosen:
        raise ValidationError(
            _(
                "People can bring themselves into “%(segment)s”, so it cannot make anything mandatory. Choose “On” or"
                " “Suggested”."
            )
            % {"segment": wanted.segment.name},
            code="self_chosen",
        )


def current(wanted: Wanted) -> SubscriptionRule | None:
    """The rule as it is stored."""
    return SubscriptionRule.objects.filter(source=wanted.source, segment=wanted.segment).first()


@dataclass(frozen=True)
class Touched:
    """What setting a rule would do, in people."""

    #: Who would be newly subscribed.
    joining: int = 0
    #: Who could not leave it any more.
    bound: int = 0
    #: Who has it by this rule only, when the rule is switched off.
    losing: int = 0
    #: Who has as many automatic sources as one person may have, so that it would not reach them.
    full: int = 0

    @property
    def people(self) -> int:
        return max(self.joining + self.bound, self.losing)

    @property
    def is_large(self) -> bool:
        return self.people > ASK_ABOVE


def touched(wanted: Wanted) -> Touched:
    """Whom the rule would touch; a fixed number of queries, nothing is written."""
    ensure_today()
    before = current(wanted)
    if wanted.mode < Mode.ON:
        return Touched(losing=_only_by(before).count() if before and before.mode >= Mode.ON else 0)
    members = Membership.objects.filter(segment=wanted.segment)
    full = _full(wanted)
    following = Subscription.objects.filter(source=wanted.source, level__gt=Level.OFF).values("person")
    said_no = Subscription.objects.filter(source=wanted.source, own=Level.OFF).values("person")
    joining = members.exclude(person__in=following).exclude(person__in=full.values("person"))
    if wanted.mode != Mode.MANDATORY:
        return Touched(joining=joining.exclude(person__in=said_no).count(), full=full.count())
    free = Subscription.objects.filter(source=wanted.source, level__gt=Level.OFF).exclude(given=Given.MANDATORY)
    bound = free.filter(person__in=members.values("person")).exclude(person__in=full.values("person")).count()
    return Touched(joining=joining.count(), bound=bound, full=full.count())


def _full(wanted: Wanted) -> QuerySet:
    """The members who have as many other sources by rules of this mode as one person may have."""
    mine = Membership.objects.filter(segment=wanted.segment).values("person")
    given = Subscription.objects.filter(person__in=mine, given=wanted.mode).exclude(source=wanted.source).order_by()
    return given.values("person").annotate(number=Count("pk")).filter(number__gte=most()[wanted.mode])


def _only_by(rule: SubscriptionRule) -> QuerySet[Subscription]:
    """The subscriptions that go when this rule goes: of members whom no other rule gives the same."""
    others = SubscriptionRule.objects.filter(source=rule.source_id, mode__gte=Mode.ON).exclude(pk=rule.pk)
    by_others = Membership.objects.filter(segment__in=others.values("segment")).values("person")
    rows = Subscription.objects.filter(source=rule.source_id, rule=rule.pk, given__in=[Given.ON, Given.MANDATORY])
    return rows.filter(ends_at=None).exclude(person__in=by_others)


def set_rule(wanted: Wanted, user: Any, *, keep_people: bool = True) -> Applied:
    """Set a rule and apply it. Raises ``ValidationError`` as ``refuse`` does.

    With ``keep_people``, those who would lose the subscription when the rule is switched off keep it, and may leave.
    """
    refuse(wanted, user)
    with changing_memberships():
        versions.hold(SUBSCRIPTIONS)
        rule = current(wanted) or SubscriptionRule(source=wanted.source, segment=wanted.segment, mode=Mode.OFF)
        before = rule.mode
        if rule.pk is None and wanted.mode == Mode.OFF:
            return Applied()
        rule.mode, rule.grace_days, rule.changed_by = wanted.mode, wanted.grace_days, user
        rule.save()
        is_off, kept = wanted.mode < Mode.ON <= before, {}
        if is_off and keep_people:
            kept = dict(_only_by(rule).order_by().values_list("pk", "person").iterator())
            keep(array("q", kept))
        done = apply([rule.source_id], why_ended=What.SWITCHED_OFF if is_off and not keep_people else What.ENDED)
        if waiting := waiting_for_a_place(set(kept.values())):
            apply(person_ids=waiting)
        log_rule(rule, before, done, len(kept), user, label_for_editors(rule.source))
        return done


def rules_with(**wanted: Any) -> QuerySet[SubscriptionRule]:
    """Rules that are not off, the strongest first."""
    rules = SubscriptionRule.objects.filter(~Q(mode=Mode.OFF), **wanted)
    return rules.select_related("segment", "source", "changed_by").order_by("-mode", "segment__name", "pk")
