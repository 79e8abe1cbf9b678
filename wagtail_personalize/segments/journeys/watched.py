"""Noticing that a value changed, which nothing in the profile tells: the last value of each watched attribute is kept.

Whoever is new, or has a new hire date, begins afresh, and so does an attribute that is declared as another kind: what
is different then is no event. An empty value is none to compare with, so from one office to none and on to another is
one move.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any

from wagtail_personalize.people.attributes import Attribute, Date, Number, YesNo
from wagtail_personalize.people.batches import batches
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.people.folding import fold

from ..days import today
from ..rules.broken import BrokenRule
from ..rules.targets import target
from .meaning import watched_in
from .models import Journey, WatchedValue

AT_A_TIME = 1000


def watch(journeys: Iterable[Journey], person_ids: Collection[Any] | None = None) -> None:
    """Compare these people's values (``None``: everybody's) with those known, and remember what changed today.

    Three queries for a thousand people among whom nothing changed.
    """
    attributes, hire_dates = _watched(journeys)
    if person_ids is None:
        WatchedValue.objects.exclude(attribute__in=[one.name for one in attributes]).delete()
    if attributes:
        for values in _values(attributes, person_ids):
            _compare(attributes, hire_dates, values)


def _watched(journeys: Iterable[Journey]) -> tuple[list[Attribute], set[str]]:
    declaration, names, hire_dates = get_declaration(), set(), set()
    for journey in journeys if declaration else ():
        found = {name for stage in journey.listed for name in watched_in(stage, declaration)}
        if found:
            names |= found | {journey.hire_date}
            hire_dates.add(journey.hire_date)
    return [one for name in sorted(names) if (one := declaration.get(name)) and is_watchable(one)], hire_dates


def is_watchable(attribute: Attribute) -> bool:
    """Has everybody one value of it at most?"""
    try:
        return target(get_declaration(), attribute).many is None
    except BrokenRule:
        return False


def _values(attributes: list[Attribute], person_ids: Collection[Any] | None) -> Iterator[dict[Any, tuple]]:
    """The values of a bounded number of people at a time, in the order of their keys."""
    declaration = get_declaration()
    person = declaration.person_path
    paths = [f"{one.path}__pk" if target(declaration, one).field.is_relation else one.path for one in attributes]
    rows = declaration.profiles().filter(**{f"{declaration.user}__isnull": False}).order_by(person)
    rows = rows.values_list(person, *paths)
    if person_ids is not None:
        for some in batches(person_ids, AT_A_TIME):
            yield {key: values for key, *values in rows.filter(**{f"{person}__in": some})}
        return
    found: dict[Any, tuple] = {key: values for key, *values in rows[:AT_A_TIME]}
    while found:
        yield found
        last = max(found)
        found = {key: values for key, *values in rows.filter(**{f"{person}__gt": last})[:AT_A_TIME]}


def _compare(attributes: list[Attribute], hire_dates: set[str], values: Mapping[Any, tuple]) -> None:
    stored: dict[Any, dict[str, WatchedValue]] = {}
    for row in WatchedValue.objects.filter(person__in=values):
        stored.setdefault(row.person_id, {})[row.attribute] = row
    new, changed = [], []
    for person, listed in values.items():
        known = stored.get(person, {})
        found = {one: told for one, raw in zip(attributes, listed, strict=True) if (told := told_by(one, raw))}
        afresh = any(
            one.name in known and known[one.name].value != found.get(one) for one in found if one.name in hire_dates
        )
        for one, told in found.items():
            row = known.get(one.name)
            if row is None:
                new.append(WatchedValue(person_id=person, attribute=one.name, value=told))
            elif afresh or row.value != told:
                changed.append(_moved_on(row, one, told, None if afresh else today()))
    WatchedValue.objects.bulk_create(new, ignore_conflicts=True, batch_size=AT_A_TIME)
    WatchedValue.objects.bulk_update(changed, ["value", "changed_on", "rose_on", "fell_on"], batch_size=200)


def _moved_on(row: WatchedValue, attribute: Attribute, told: str, on: date | None) -> WatchedValue:
    before, row.value = row.value, told
    if on is None or not _is_of_kind(attribute, before):
        row.changed_on = row.rose_on = row.fell_on = None
        return row
    row.changed_on = on
    if isinstance(attribute, Number | YesNo):
        rose = told == "yes" if isinstance(attribute, YesNo) else Decimal(told) > Decimal(before)
        row.rose_on, row.fell_on = (on, None) if rose else (None, on)
    return row


def _is_of_kind(attribute: Attribute, told: str) -> bool:
    """Could this be kept of a value of the attribute? What was kept when it had another kind is no value before."""
    if isinstance(attribute, YesNo):
        return told in ("yes", "no")
    try:
        return not isinstance(attribute, Number) or Decimal(told).is_finite()
    except InvalidOperation:
        return False


def told_by(attribute: Attribute, raw: Any) -> str:
    """What is kept of a value; empty for none."""
    match attribute:
        case YesNo():
            return "" if raw is None else "yes" if raw else "no"
        case Number():
            return "" if raw is None else str(Decimal(str(raw)).normalize())[:64]
        case Date():
            return raw.isoformat()[:10] if raw else ""
    if raw in (None, ""):
        return ""
    return str(raw) if target(get_declaration(), attribute).field.is_relation else _hash(str(raw))


def _hash(text: str) -> str:
    return sha256(fold(text).encode()).hexdigest() if fold(text) else ""
