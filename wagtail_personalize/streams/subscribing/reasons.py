"""Why somebody is subscribed, in a sentence for them."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from wagtail_personalize.privacy.recorded import said_day
from wagtail_personalize.segments.rules.sentence import sentences

from ..automatic.models import SubscriptionRule
from .models import Given, Subscription, SubscriptionChange


def reasons(subscriptions: Iterable[Subscription]) -> dict[int, str]:
    """By the key of each subscription: why it is there. As many queries as for one; load ``rule__segment`` with them.

    Nothing is said of what a person chose themself.
    """
    given = [one for one in subscriptions if one.given != Given.NOTHING]
    told = told_rules(one.rule for one in given if one.rule_id)
    return {one.pk: _reason(one, told.get(one.rule_id, "")) for one in given}


def told_rules(rules: Iterable[SubscriptionRule]) -> dict[Any, str]:
    """The rules of these segments as people read them, by the key of the auto-subscription."""
    known = {rule.pk: rule.segment for rule in rules}
    return dict(zip(known, sentences(segment.rule for segment in known.values()), strict=True))


def _reason(subscription: Subscription, why: str) -> str:
    why = why or _("by a rule that no longer exists")
    if subscription.given == Given.MANDATORY:
        text = _("Mandatory for you: %(why)s")
    elif subscription.given == Given.KEPT:
        text = _("Was subscribed automatically (%(why)s). You may leave it.")
    else:
        text = _("Automatically subscribed: %(why)s")
    text %= {"why": why}
    if subscription.ends_at:
        text += " · " + _("ends on %(day)s") % {"day": said_day(subscription.ends_at)}
    return text


def rules_of(changes: Iterable[SubscriptionChange | Subscription]) -> dict[int, SubscriptionRule]:
    """The rules that these name, as far as they still exist."""
    ids = {one.rule_id for one in changes if one.rule_id}
    return SubscriptionRule.objects.select_related("segment").in_bulk(list(ids)) if ids else {}
