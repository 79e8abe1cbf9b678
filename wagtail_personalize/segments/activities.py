"""What people did openly, as a condition: "commented at least 3 times in 30 days". Only for recommending.

A room, or the site, registers what is stored as somebody's own open doing::

    register_activity(Activity("commented", _("commented"), rows=visible_comments, person="author", at="created_at"))

Whoever writes such rows calls ``activity_changed(person_ids)``. Memberships follow after the transaction, because what
writes the rows may hold locks of its own; a process that dies in between is made good by the nightly refresh. Reading,
impressions and searches are never an activity. Today counts and so many local calendar days before it, so the answer
changes with the day alone: the nightly refresh, and until then the viewer's own question, ask again.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .conditions import ConditionType, Shape, answers_changed, register

OPERATOR = "did_openly"
#: What editors are offered; rules as code may name any numbers up to these.
TIMES, DAYS = (1, 3, 5, 10), (7, 30, 90, 365)
MOST_TIMES, MOST_DAYS = 1_000, 366
_VALUE = re.compile(r"([a-z_]{1,20}):([1-9][0-9]{0,3}):([1-9][0-9]{0,2})")


@dataclass(frozen=True)
class Activity:
    """One kind of open doing. ``rows`` are the things done; ``person`` and ``at`` the fields who and when."""

    name: str
    #: In sentences: "commented".
    done: Any
    rows: Callable[[], QuerySet]
    person: str = "person"
    at: str = "at"
    #: Doing the same again is not counted twice: the field that says what the same is.
    once: str = "pk"


class Wanted(NamedTuple):
    """The value of a condition, read."""

    activity: Activity
    times: int
    days: int


_activities: dict[str, Activity] = {}


def register_activity(activity: Activity) -> None:
    """Let rules ask for it. Registering one of the same name again takes its place."""
    _activities[activity.name] = activity


def activity_changed(person_ids: Collection[Any]) -> None:
    """These people did something openly, or took it back."""
    people = [pk for pk in person_ids if pk is not None]
    if people:
        transaction.on_commit(partial(answers_changed, OPERATOR, people, "profile"))


def written(name: str, times: int, days: int) -> str:
    """The value that stands in a rule."""
    return f"{name}:{times}:{days}"


def read(value: Any) -> Wanted | None:
    """What a value asks for; ``None`` for what no activity or no number of ours is in."""
    found = _VALUE.fullmatch(value) if isinstance(value, str) else None
    activity = _activities.get(found[1]) if found else None
    if activity is None or int(found[2]) > MOST_TIMES or int(found[3]) > MOST_DAYS:
        return None
    return Wanted(activity, int(found[2]), int(found[3]))


@register
class DidOpenly(ConditionType):
    """Has done something openly, so many times in so many days."""

    operator = OPERATOR
    label = _("did something openly")
    phrase = _("has %(value)s")
    shape = Shape.CHOICE
    depends_on_date = True
    self_chosen = True

    def choices(self) -> Iterable[tuple[str, str]]:
        return [
            (written(name, times, days), said(Wanted(activity, times, days)))
            for name, activity in _activities.items()
            for days in DAYS
            for times in TIMES
        ]

    def labels_of(self, values: Iterable[Any]) -> Mapping[str, str]:
        return {str(value): said(wanted) for value in values if (wanted := read(value)) is not None}

    def mentions(self, condition: Mapping[str, Any]) -> Iterable[str]:
        yield OPERATOR

    def q(self, condition: Mapping[str, Any], compiler: Any) -> Q:
        wanted = read(condition["value"])
        activity, first = wanted.activity, compiler.today - timedelta(days=wanted.days)
        since = timezone.make_aware(datetime.combine(first, time.min))
        rows = activity.rows().filter(**{f"{activity.at}__gte": since, f"{activity.person}__isnull": False})
        people = rows.order_by().values(activity.person).annotate(number=Count(activity.once, distinct=True))
        return self.people(people.filter(number__gte=wanted.times).values(activity.person))

    def actual(self, person_id: Any) -> str:
        """How often at all, of each kind."""
        numbers = (
            (activity.rows().filter(**{activity.person: person_id}).count(), activity.done)
            for activity in _activities.values()
        )
        return ", ".join(f"{done}: {number}" for number, done in numbers)


def said(wanted: Wanted) -> str:
    """In words."""
    words = {"done": wanted.activity.done, "times": wanted.times, "days": wanted.days}
    return (
        ngettext(
            "%(done)s at least %(times)d time in the last %(days)d days",
            "%(done)s at least %(times)d times in the last %(days)d days",
            wanted.times,
        )
        % words
    )
