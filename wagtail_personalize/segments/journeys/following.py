"""Bringing the stored stages in line with what they mean, and telling who passed from one to the next.

The comparison is of sets, under the lock of the memberships, so two refreshes tell of a change once. What a change of
the journey itself does to people is no event in anybody's life: it is written and not told.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db import router
from django.db.models import Q, QuerySet

from wagtail_personalize.hookspecs import stage_changed
from wagtail_personalize.people.batches import batches
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.setsql import delete_rows, insert_select

from ..answers import people_in
from ..days import today
from ..effective import people
from ..rules.broken import BrokenRule
from ..rules.compile import Compiler
from .meaning import stage_qs
from .models import Journey, PersonStage, Stage

#: Up to so many people all stages are answered in one statement.
FEW_PEOPLE = 1000

#: Person → the stage so far and the stage now, by primary key; ``None`` for none.
Moves = dict[Any, tuple[int | None, int | None]]


def all_journeys() -> list[Journey]:
    """Every journey with its stages, in two queries."""
    return Journey.objects.with_stages()


def follow(
    journeys: Iterable[Journey], person_ids: Collection[Any] | None = None, cause: str = "refresh", *, tell: bool = True
) -> None:
    """Work out the stages of these people (``None``: everybody); call it while memberships are being changed."""
    for journey in journeys:
        stages = {stage.pk: stage for stage in journey.listed}
        qs = _meaning(journey)
        few = person_ids is not None and len(person_ids) <= FEW_PEOPLE
        moves = _moves_of_few(journey, qs, person_ids) if few else _moves_of_all(journey, qs, tell)
        _write(journey, moves)
        if tell:
            _tell(journey, stages, moves, cause)


def _meaning(journey: Journey) -> dict[int, Q]:
    """Empty when the journey is broken."""
    try:
        return {stage.pk: q for stage, q in stage_qs(journey, Compiler()).items()}
    except BrokenRule:
        return {}


def _moves_of_few(journey: Journey, qs: dict[int, Q], person_ids: Collection[Any]) -> Moves:
    declaration, using = get_declaration(), router.db_for_write(PersonStage)
    among = people(declaration) & Q(**{f"{declaration.person_path}__in": list(person_ids)})
    now = {person: stage for stage, person in people_in(list(qs.items()), among, using=using)} if qs else {}
    rows = PersonStage.objects.using(using).filter(journey=journey, person__in=person_ids)
    before = dict(rows.values_list("person", "stage"))
    return {
        person: (before.get(person), now.get(person))
        for person in before.keys() | now.keys()
        if before.get(person) != now.get(person)
    }


def _moves_of_all(journey: Journey, qs: dict[int, Q], tell: bool) -> Moves:
    stored = PersonStage.objects.filter(journey=journey).order_by()
    if not tell and not stored.exists():
        _fill(journey, qs)
        return {}
    arrived: dict[Any, int] = {}
    left: dict[Any, int] = {}
    for stage in journey.listed:
        here = stored.filter(stage=stage).values_list("person")
        now = _people_in(qs[stage.pk]).values_list(get_declaration().person_path) if stage.pk in qs else None
        if now is None:
            left |= {person: stage.pk for (person,) in here}
            continue
        arrived |= {person: stage.pk for (person,) in now.difference(here)}
        left |= {person: stage.pk for (person,) in here.difference(now)}
    return {person: (left.get(person), arrived.get(person)) for person in left.keys() | arrived.keys()}


def _people_in(q: Q) -> QuerySet:
    declaration = get_declaration()
    return declaration.profiles().filter(people(declaration) & q).order_by()


def _fill(journey: Journey, qs: dict[int, Q]) -> None:
    """The first time: one statement for each stage."""
    from django.db.models import BigIntegerField, DateField, Value

    for stage, q in qs.items():
        constants = [Value(pk, output_field=BigIntegerField()) for pk in (journey.pk, stage)]
        since = Value(today(), output_field=DateField())
        rows = _people_in(q).values_list(get_declaration().person_path, *constants, since)
        insert_select(PersonStage, ["person", "journey", "stage", "since"], rows, ignore_conflicts=True)


def _write(journey: Journey, moves: Moves) -> None:
    by_stage: dict[int | None, list[Any]] = defaultdict(list)
    new = []
    for person, (before, now) in moves.items():
        if before is None:
            new.append(PersonStage(person_id=person, journey=journey, stage_id=now, since=today()))
        else:
            by_stage[now].append(person)
    PersonStage.objects.bulk_create(new, batch_size=1000, ignore_conflicts=True)
    for stage, persons in by_stage.items():
        for some in batches(persons):
            rows = PersonStage.objects.filter(journey=journey, person__in=some)
            _ = delete_rows(rows) if stage is None else rows.update(stage=stage, since=today())


def _tell(journey: Journey, stages: dict[int, Stage], moves: Moves, cause: str) -> None:
    """One signal for each pair of stages, whatever the number of people."""
    together: dict[tuple[int | None, int | None], list[Any]] = defaultdict(list)
    for person, pair in moves.items():
        together[pair].append(person)
    for (before, now), persons in together.items():
        stage_changed.send(
            sender=None,
            journey=journey,
            person_ids=sorted(persons),
            stage_from=stages.get(before),
            stage_to=stages.get(now),
            cause=cause,
        )
