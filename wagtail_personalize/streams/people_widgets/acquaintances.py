"""Do you know? Colleagues who have something in common with the reader, and what that is.

One statement counts, for everybody who may appear, how many of the declared things they share with the reader. Of those
who share most, every day some others are shown. Nobody is shown whom the reader follows, left or muted, leads or
reports to.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import add, or_
from typing import Any

from django.db.models import Case, IntegerField, Min, Model, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from wagtail_personalize.people.appearing.choosing import appearing
from wagtail_personalize.people.attributes import Attribute, Date, Many
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.people.folding import fold
from wagtail_personalize.people.loading import fill, with_attributes
from wagtail_personalize.people.models import ReportingLine
from wagtail_personalize.people.pages.cards import card
from wagtail_personalize.people.values import displayed, value_of
from wagtail_personalize.segments.days import today
from wagtail_personalize.segments.rules.kinds.date import in_days
from wagtail_personalize.segments.rules.targets import target
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.content.own_values import OwnValues

from ..sources.colleagues import PERSON, ids_of
from ..subscribing.models import Subscription
from .lists import Told
from .who import for_reader

KNOWN = "known"
#: Among so many who share most with the reader, the days choose.
_AMONG = 60
#: More reasons than these are no help.
_MOST_REASONS = 2


@dataclass(frozen=True)
class Shared:
    """One thing that the reader has: who else has it, and how that is said."""

    attribute: Attribute
    value: Any
    phrase: Any

    def having(self) -> Q:
        match self.attribute:
            case Date():
                first = self.value.replace(day=1)
                last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
                return reduce(or_, in_days(target(get_declaration(), self.attribute), [(first, last)]))
            case Many():
                return Q(**{f"{self.attribute.path}__in": self.value})
        return Q(**{self.attribute.path: self.value})

    def with_profile(self, profile: Model, first: int | None) -> str:
        """How it is said of this colleague; empty when they do not have it. ``first``: which of many they have."""
        if isinstance(self.attribute, Many):
            return "" if first is None else self.phrase % {"value": self.value[first]}
        theirs = value_of(profile, self.attribute)
        if theirs is None or self._compared(theirs) != self._compared(self.value):
            return ""
        return self.phrase % {"value": displayed(theirs, self.attribute)}

    def _compared(self, value: Any) -> Any:
        if isinstance(value, date):
            return value.year, value.month
        return fold(value) if isinstance(value, str) else value


def acquaintances(viewer: Viewer, number: int, segment: str = "") -> list[Told]:
    """At most so many colleagues, those who share most first. A fixed number of queries."""
    shared = list(_shared(viewer)) if viewer.person_id is not None else []
    if not shared:
        return []
    people = for_reader(_strangers(viewer), viewer, KNOWN, segment)
    most = list(_by_score(people, shared).values_list("pk", flat=True)[:_AMONG])
    chosen = _of_the_day(most, number)
    single = [one.attribute for one in shared if not isinstance(one.attribute, Many)]
    attributes = [*get_declaration().summary_attributes, *single]
    profiles = {one.pk: one for one in with_attributes(people.filter(pk__in=chosen), attributes)} if chosen else {}
    first = _first_of_many(list(profiles), shared)
    told = [_told(profiles[pk], shared, first) for pk in chosen if pk in profiles]
    return [one for one in told if one.text]


def _shared(viewer: Viewer) -> Iterator[Shared]:
    """What the reader has of what can be had in common."""
    declaration = get_declaration()
    if declaration is None or not declaration.in_common:
        return
    found = [(declaration.get(name), phrase) for name, phrase in declaration.in_common.items()]
    found = [(attribute, phrase) for attribute, phrase in found if attribute and attribute.visible]
    mine = OwnValues.of(viewer).profile
    if mine is not None:
        fill([mine], [attribute for attribute, _phrase in found])
    for attribute, phrase in found if mine is not None else ():
        value = value_of(mine, attribute)
        if value not in (None, "", []):
            in_order = sorted(value, key=lambda one: fold(str(one))) if isinstance(attribute, Many) else value
            yield Shared(attribute, in_order, phrase)


def _strangers(viewer: Viewer) -> QuerySet:
    declaration = get_declaration()
    said = Subscription.objects.filter(person=viewer.person_id, source__kind=PERSON)
    known = [viewer.person_id, *ids_of(said.values_list("source__key", flat=True))]
    above = ReportingLine.objects.filter(person=viewer.person_id).values("manager")
    below = ReportingLine.objects.filter(manager=viewer.person_id).values("person")
    person = declaration.person_path
    people = appearing().exclude(**{f"{person}__in": known})
    return people.exclude(**{f"{person}__in": above}).exclude(**{f"{person}__in": below})


def _by_score(people: QuerySet, shared: list[Shared]) -> QuerySet:
    profiles = get_declaration().profile_model._base_manager
    parts = [
        Case(When(pk__in=profiles.filter(one.having()).values("pk"), then=Value(1)), default=Value(0)) for one in shared
    ]
    score = Coalesce(reduce(add, parts), Value(0), output_field=IntegerField())
    return people.annotate(_in_common=score).filter(_in_common__gt=0).order_by("-_in_common", "pk")


def _of_the_day(keys: list[Any], number: int) -> list[Any]:
    """So many of these, going round day by day, in their order."""
    if len(keys) <= number:
        return keys
    begin = today().toordinal() * number % len(keys)
    chosen = {keys[(begin + step) % len(keys)] for step in range(number)}
    return [key for key in keys if key in chosen]


def _first_of_many(keys: list[Any], shared: list[Shared]) -> dict[tuple[Any, int], int]:
    """By profile and number of what is shared: the place of the first that the reader has as well. One query."""
    profiles = get_declaration().profile_model._base_manager.filter(pk__in=keys).order_by()
    parts = []
    for number, one in enumerate(shared):
        if keys and isinstance(one.attribute, Many):
            path = one.attribute.path
            places = Case(*(When(**{path: value}, then=Value(place)) for place, value in enumerate(one.value)))
            which = {"_which": Value(number), "_first": Min(places, output_field=IntegerField())}
            parts.append(profiles.filter(**{f"{path}__in": one.value}).values("pk").annotate(**which))
    rows = parts[0].union(*parts[1:], all=True) if parts else ()
    return {(row["pk"], row["_which"]): row["_first"] for row in rows}


def _told(profile: Model, shared: list[Shared], first: dict[tuple[Any, int], int]) -> Told:
    reasons = [
        text
        for number, one in enumerate(shared)
        if (text := one.with_profile(profile, first.get((profile.pk, number))))
    ]
    return Told(card(profile, get_declaration().summary_attributes), " · ".join(reasons[:_MOST_REASONS]))
