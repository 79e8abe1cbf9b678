"""Which values of whom a save has set, as far as it set values of people and not something else."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from ..attributes import REPORTING_LINE
from ..batches import batches
from ..declaration import get_declaration
from ..watches import Watch
from .models import ValueOrigin
from .writing import EVERYTHING, note


def note_saved(values: Iterable[tuple[Any, str]], made: Iterable[Any] = ()) -> None:
    """These (person, attribute) were saved, and these people have a new profile; one statement."""
    made = set(made)
    rows = {(person, name) for person, name in values if person not in made} | {(pk, EVERYTHING) for pk in made}
    if rows:
        note(rows)


def values_set(watch: Watch, fields: Iterable[str]) -> set[str]:
    """The attributes that have another value when these fields of an object differ.

    A node that moves, or a linked object that gets another key, changes what rules find, but nobody's own value.
    """
    declaration = get_declaration()
    names = {name for field in fields for name in watch.fields[field]}
    found = {name for name in names & declaration.by_name.keys() if watch.owned or _is_beyond(watch, name)}
    if not watch.prefix and declaration.manager:
        manager = declaration.profile_model._meta.get_field(declaration.manager)
        found |= {REPORTING_LINE} if manager.attname in fields else set()
    return found


def _is_beyond(watch: Watch, name: str) -> bool:
    return get_declaration().by_name[name].path != watch.prefix


def values_lost_with(instance: Model, owners: Iterable[tuple[Watch, Iterable[Any]]]) -> set[tuple[Any, str]]:
    """Before an object is deleted: the (person, attribute) that go with it; ``owners`` are its people per watch.

    A person's own rows do not count: with them all values go, and their origins.
    """
    declaration = get_declaration()
    others = [(watch, people) for watch, people in owners if watch.prefix not in ("", declaration.user)]
    lost = {(pk, name) for watch, people in others for pk in people for name in watch.attributes}
    return {(pk, name) for pk, name in lost if name in declaration.by_name} | {
        (pk, REPORTING_LINE) for pk in _reports_to(instance)
    }


def _reports_to(manager: Model) -> Iterable[Any]:
    declaration = get_declaration()
    field = declaration.profile_model._meta.get_field(declaration.manager) if declaration.manager else None
    if field is None or not isinstance(manager, field.related_model):
        return ()
    reports = declaration.profiles().filter(**{declaration.manager: getattr(manager, field.target_field.attname)})
    return reports.values_list(declaration.person_path, flat=True)


def note_lost(values: set[tuple[Any, str]]) -> None:
    """These values went with a linked object; whose profile went with it too has none any more."""
    declaration = get_declaration()
    left: set[Any] = set()
    for batch in batches({pk for pk, _name in values}):
        profiles = declaration.profiles().filter(**{f"{declaration.person_path}__in": batch})
        left |= set(profiles.values_list(declaration.person_path, flat=True))
    note_saved((pk, name) for pk, name in values if pk in left)


def has_new_owner(instance: Model, fields: Iterable[str], created: bool) -> bool:
    """Is this a profile that is new, or was given to somebody else?"""
    declaration = get_declaration()
    if not isinstance(instance, declaration.profile_model):
        return False
    return created or declaration.profile_model._meta.get_field(declaration.user).attname in fields


def forget(instance: Model, people: Iterable[Any]) -> None:
    """A profile was deleted, and with it all values of its person."""
    if isinstance(instance, get_declaration().profile_model):
        user = getattr(instance, get_declaration().profile_model._meta.get_field(get_declaration().user).attname)
        ValueOrigin.objects.filter(person__in={user} & set(people)).delete()
