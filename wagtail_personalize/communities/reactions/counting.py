"""Reactions counted, and by whom they are: of whoever has not left. One query for any number of things."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Case, Count, IntegerField, Max, QuerySet, Value, When

from wagtail_personalize.people.active import active
from wagtail_personalize.segments.viewer import Viewer

from ..people_shown import Someone, shown_people
from .choices import Choice, choices
from .models import Reaction

#: So many names of each kind are told at once.
MOST_NAMES = 200


@dataclass(frozen=True)
class One:
    """One kind of reaction to something."""

    choice: Choice
    number: int
    is_mine: bool


@dataclass(frozen=True)
class Tally:
    """All kinds in order, also those that nobody chose."""

    kinds: list[One]

    @property
    def number(self) -> int:
        return sum(one.number for one in self.kinds)

    @property
    def chosen(self) -> list[One]:
        return [one for one in self.kinds if one.number]

    @property
    def mine(self) -> Choice | None:
        return next((one.choice for one in self.kinds if one.is_mine), None)


def tallies(model: type[Reaction], targets: Collection[Any], viewer: Viewer) -> dict[Any, Tally]:
    """By target, for each of these. What they are about was asked for before."""
    rows: dict[Any, dict[str, tuple[int, bool]]] = defaultdict(dict)
    mine = Case(When(person=viewer.person_id, then=Value(1)), default=Value(0), output_field=IntegerField())
    counted = _counted(model).filter(**{f"{model.target}__in": list(targets)}) if targets else model.objects.none()
    counted = counted.values_list(model.target, "kind").annotate(number=Count("pk"), is_mine=Max(mine))
    for target, kind, number, is_mine in counted:
        rows[target][kind] = number, bool(is_mine)
    kinds = choices()
    return {key: Tally([One(kind, *rows[key].get(kind.kind, (0, False))) for kind in kinds]) for key in targets}


def who(model: type[Reaction], target: Any) -> list[tuple[Choice, int, list[Someone]]]:
    """Each kind that somebody chose, with its number and the names, the latest first; two queries for the names."""
    rows = list(_counted(model).filter(**{model.target: target}).order_by("-pk").values_list("kind", "person"))
    by_kind: dict[str, list[Any]] = defaultdict(list)
    for kind, person in rows:
        by_kind[kind].append(person)
    people = shown_people(person for some in by_kind.values() for person in some[:MOST_NAMES])
    return [
        (choice, len(some), [people[person] for person in some[:MOST_NAMES] if person in people])
        for choice in choices()
        if (some := by_kind.get(choice.kind))
    ]


def _counted(model: type[Reaction]) -> QuerySet:
    """Who left is not counted; nor is a kind that is not offered any more, by whoever reads the rows."""
    return model.objects.filter(person__in=active(get_user_model()._base_manager.order_by()).values("pk")).order_by()
