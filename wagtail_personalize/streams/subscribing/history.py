"""When and why somebody began and stopped following things."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from wagtail_personalize.conf import get_settings
from wagtail_personalize.segments.days import today
from wagtail_personalize.segments.history import end_of
from wagtail_personalize.segments.rules.calendar import months_ago
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.setsql import delete_rows

from ..sources.finding import find_all
from ..sources.kinds import Shown
from .models import Given, Subscription, SubscriptionChange, What
from .reasons import rules_of, told_rules

MOST = 200


@dataclass(frozen=True)
class Step:
    """One thing that happened."""

    at: datetime
    what: str
    shown: Shown
    why: str = ""

    @property
    def day(self) -> Any:
        return timezone.localtime(self.at).date()


def history_of(viewer: Viewer) -> list[Step]:
    """The newest first, of what the viewer may still see; a fixed number of queries."""
    rows = all_steps(viewer.person_id)[:MOST]
    shown = find_all({(row.source.kind, row.source.key) for row in rows}, viewer)
    why = told_rules(rules_of(rows).values())
    return [
        Step(row.at, row.get_what_display(), found, why.get(row.rule_id, ""))
        for row in rows
        if (found := shown.get((row.source.kind, row.source.key)))
    ]


def all_steps(person_id: Any) -> list[SubscriptionChange]:
    """What was stored, and what still holds by a rule, the newest first."""
    stored = list(SubscriptionChange.objects.filter(person=person_id).select_related("source"))
    held = Subscription.objects.filter(person=person_id, given__in=[Given.ON, Given.MANDATORY])
    began = [
        SubscriptionChange(
            person_id=person_id, source=row.source, at=row.since, what=began_as(row.given), rule_id=row.rule_id
        )
        for row in held.select_related("source")
    ]
    return sorted([*stored, *began], key=lambda step: (step.at, step.pk or 0), reverse=True)


def began_as(given: int) -> What:
    """What happened when a rule gave this."""
    return What.BEGAN_MANDATORY if given == Given.MANDATORY else What.BEGAN_ON


def purge_changes() -> int:
    """Delete steps older than the history that is kept; returns how many."""
    first = months_ago(today(), max(get_settings().HISTORY_MONTHS, 1))
    return delete_rows(SubscriptionChange.objects.filter(at__lt=end_of(first)))
