"""Writing what rules give, for subscriptions by their keys, in bounded statements and with their history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from wagtail_personalize.people.batches import batches
from wagtail_personalize.segments.accelerator.keys import Among
from wagtail_personalize.setsql import delete_rows, insert_select

from ..subscribing.models import Given, Subscription, SubscriptionChange, What, level_if_given

#: Subscriptions that are changed in one statement.
AT_ONCE = 10_000
_COLUMNS = ["person", "source", "what", "rule", "at"]


@dataclass(frozen=True)
class Switch:
    """What a rule gives from now on."""

    given: int
    rule: int


def switch(keys: Iterable[int], to: Switch) -> int:
    """Let these be given by a rule; who had lost it within the grace period keeps the day on which it began."""
    changed = 0
    for rows in _some(keys):
        same = Q(given=to.given, rule=to.rule)
        other = rows.exclude(same, rule__isnull=False)
        _remember(other.filter(given__in=[Given.ON, Given.MANDATORY]), What.CHANGED)
        now = timezone.now()
        values = {"given": to.given, "rule": to.rule, "level": level_if_given(to.given), "ends_at": None}
        changed += rows.filter(same).update(ends_at=None)
        changed += other.update(**values, since=now)
    return changed


def end(keys: Iterable[int], why: What) -> int:
    """Rules give these no more. What a person chose themself stays; where they never said anything, the row goes."""
    ended = 0
    for rows in _some(keys):
        _remember(rows, why)
        ended += delete_rows(rows.filter(own=None))
        ended += rows.update(
            given=Given.NOTHING, rule=None, level=level_if_given(Given.NOTHING), ends_at=None, since=timezone.now()
        )
    return ended


def keep(keys: Iterable[int]) -> int:
    """The rule is switched off; the people stay, and may leave from now on."""
    kept = 0
    for rows in _some(keys):
        _remember(rows, What.KEPT)
        kept += rows.update(given=Given.KEPT, level=level_if_given(Given.KEPT), ends_at=None, since=timezone.now())
    return kept


def let_run_out(keys: Iterable[int], until: datetime) -> int:
    """The reason does not hold any more; these end later."""
    return sum(rows.update(ends_at=until) for rows in _some(keys))


def _some(keys: Iterable[int]) -> Iterable[QuerySet[Subscription]]:
    for batch in batches(keys, AT_ONCE):
        yield Subscription.objects.filter(Among(F("pk"), batch)).order_by()


def _remember(rows: QuerySet[Subscription], what: What) -> None:
    """That the rules of these began, which stood in their rows, and what happens now."""
    mandatory = When(given=Given.MANDATORY, then=Value(What.BEGAN_MANDATORY))
    began = Case(mandatory, default=Value(What.BEGAN_ON), output_field=IntegerField())
    held = rows.filter(given__in=[Given.ON, Given.MANDATORY])
    insert_select(SubscriptionChange, _COLUMNS, held.values_list("person", "source", began, "rule", "since"))
    now = Value(timezone.now())
    insert_select(SubscriptionChange, _COLUMNS, rows.values_list("person", "source", Value(what), "rule", now))
