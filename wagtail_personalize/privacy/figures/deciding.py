"""Which numbers of a family may be told: the rule for each, and what must be left out so that none can be worked out.

For every group that can be worked out from the groups that are told, the number that comes out must be one that could
be told. Where it is not, the smallest of these groups is left out, and it is looked again (complementary suppression).
"""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from .contract import Family, Kind, Measure, Reason, Shown, Withheld
from .rules import CLOSED_BELOW, MASKED_BELOW, Rules, rules
from .structure import ALL, Combination, Structure

Number = Fraction | int
Decisions = dict[int, dict[str, Shown | Withheld]]
#: What is wrong with a number of a group of people, told their possible sizes; nothing if it may be told.
Judge = Callable[[Number, tuple[Number, ...]], Reason | None]


def published(family: Family, measures: Iterable[Measure], structure: Structure) -> Decisions:
    """A decision for each group and each measure. A measure comes after those that it is ``of``."""
    ruled = rules()
    decided: Decisions = {group: {} for group in family.numbers}
    for measure in measures:
        for group, decision in _decide(measure, family, structure, ruled, decided).items():
            decided[group][measure.name] = decision
    return decided


def _decide(
    measure: Measure, family: Family, structure: Structure, ruled: Rules, decided: Decisions
) -> dict[int, Shown | Withheld]:
    told: dict[int, int] = {}
    found: dict[int, Shown | Withheld] = {}
    for group, numbers in family.numbers.items():
        reason = _reason_before(group, measure, family, structure, ruled, decided)
        if reason:
            found[group] = Withheld(reason)
        else:
            told[group] = numbers[measure.name]
    if measure.kind == Kind.AVERAGE:
        return found | {group: Shown(value) for group, value in told.items()}
    sizes = _sizes(family, structure, measure)
    withheld = _left_out(told, sizes, structure, _judge(measure.kind, ruled.floor))
    for outer in measure.inside:
        withheld |= _differing(told, withheld, outer, family, sizes, structure, ruled)
    found |= {group: Withheld(reason) for group, reason in withheld.items()}
    return found | {
        group: Shown(_told(value, measure, ruled)) for group, value in told.items() if group not in withheld
    }


def _reason_before(
    group: int, measure: Measure, family: Family, structure: Structure, ruled: Rules, decided: Decisions
) -> Reason | None:
    """Why this number is not even looked at."""
    numbers = family.numbers[group]
    if not ruled.is_measured:
        return Reason.PRESET
    if group not in structure.groups:
        return Reason.NOT_AUDITED
    if numbers.get(measure.name) is None:
        return Reason.UNKNOWN
    if not family.is_closed and structure.size_of[group] < CLOSED_BELOW:
        return Reason.OPEN
    if measure.made_of and (numbers.get(measure.made_of) or 0) < ruled.floor:
        return Reason.TOO_FEW
    before = decided[group].get(measure.of) if measure.of else None
    return before.reason if isinstance(before, Withheld) else None


def _differing(
    told: Mapping[int, int],
    withheld: Mapping[int, Reason],
    outer: str,
    family: Family,
    sizes: Mapping[int, tuple[int, ...]],
    structure: Structure,
    ruled: Rules,
) -> dict[int, Reason]:
    """Groups in which those who did the ``outer`` thing and not this one are too few."""
    difference = {
        group: family.numbers[group][outer] - value
        for group, value in told.items()
        if group not in withheld and family.numbers[group].get(outer) is not None
    }
    left_out = _left_out(difference, sizes, structure, lambda value, _sizes: _too_few(value, ruled.floor))
    return dict.fromkeys(left_out, Reason.COMPLEMENT)


def _left_out(
    told: Mapping[int, int], sizes: Mapping[int, tuple[int, ...]], structure: Structure, judge: Judge
) -> dict[int, Reason]:
    """The groups whose number must be left out."""
    own = {group: judge(value, sizes[group]) for group, value in told.items()}
    left_out = {group: reason for group, reason in own.items() if reason}
    while rest := [group for group in told if group not in left_out]:
        victims = _giving_away(rest, told, sizes, structure, judge)
        if not victims:
            break
        left_out |= dict.fromkeys(victims, Reason.COMPLEMENT)
    return left_out


def _giving_away(
    rest: list[int], told: Mapping[int, int], sizes: Mapping[int, tuple[int, ...]], structure: Structure, judge: Judge
) -> list[int]:
    """Whom to leave out next, so that nothing can be worked out that may not be told."""
    combinations = structure.derivable(rest)
    if combinations is None:
        return [group for group in rest if group != ALL]
    for combination in combinations:
        value = sum(times * told[group] for group, times in combination)
        bounds = zip(*(sizes[group] for group, _times in combination), strict=True)
        totals = tuple(
            sum(times * size for (_group, times), size in zip(combination, column, strict=True)) for column in bounds
        )
        if judge(value, totals):
            return [_least(combination, structure)]
    return []


def _least(combination: Combination, structure: Structure) -> int:
    """The smallest group of a combination; all people only if there is no other."""
    sizes = structure.size_of
    return min((group for group, _times in combination), key=lambda group: (group == ALL, sizes[group], -group))


def _sizes(family: Family, structure: Structure, measure: Measure) -> dict[int, tuple[int, ...]]:
    """How many people there are in each group: in all, and, where it is known for all, in the audience."""
    whole = structure.size_of
    groups = [group for group in family.numbers if group in whole]
    audiences = {group: family.numbers[group].get("audience") for group in groups}
    if measure.kind == Kind.SIZE or None in audiences.values():
        return {group: (whole[group],) for group in groups}
    return {group: (whole[group], audiences[group]) for group in groups}


def _judge(kind: Kind, floor: int) -> Judge:
    def of_people(value: Number, sizes: tuple[Number, ...]) -> Reason | None:
        if _too_few(value, floor) or any(size > value and _too_few(size - value, floor) for size in sizes):
            return Reason.TOO_FEW
        is_uniform = any(0 < size < MASKED_BELOW and value in (0, size) for size in sizes)
        return Reason.ALL_OR_NONE if is_uniform else None

    def of_actions(value: Number, sizes: tuple[Number, ...]) -> Reason | None:
        if _too_few(value, floor):
            return Reason.TOO_FEW
        is_small = any(0 < size < MASKED_BELOW for size in sizes)
        return Reason.ALL_OR_NONE if is_small and not value else None

    def of_sizes(value: Number, sizes: tuple[Number, ...]) -> Reason | None:
        return _too_few(value, floor)

    return {Kind.PEOPLE: of_people, Kind.ACTIONS: of_actions, Kind.SIZE: of_sizes}[kind]


def _too_few(value: Number, floor: int) -> Reason | None:
    """Also what cannot be a number of people: somebody came or went meanwhile, and a part of it may be right."""
    return None if value == 0 or (value >= floor and value.denominator == 1) else Reason.TOO_FEW


def _told(value: int, measure: Measure, ruled: Rules) -> int:
    """How often something was done is told to the nearest multiple of the floor."""
    if measure.kind != Kind.ACTIONS:
        return value
    return (value + ruled.floor // 2) // ruled.floor * ruled.floor
