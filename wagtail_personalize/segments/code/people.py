"""The people whom a file names: by staff number, or by login name who has none."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from wagtail_personalize.people.declaration import get_declaration

from ..rules.names import Names
from ..rules.schema import shorten
from .form import LISTS, Entry, names_of
from .steps import Step

#: Name in the file → key of the user, and the name that a dump would use.
People = Mapping[str, tuple[Any, str]]


def names_people(entries: Iterable[Entry]) -> bool:
    """Does one of them say who is always in or out?"""
    return any(key in entry for entry in entries for key in LISTS)


def people_in(entries: Iterable[Entry]) -> People:
    """The people who are named and exist."""
    wanted = {name for entry in entries for key in LISTS for name in entry.get(key, [])}
    declaration = get_declaration()
    found = Names(declaration).found_people(wanted) if wanted and declaration else {}
    names = names_of(set(found.values()))
    return {name: (key, names[key]) for name, key in found.items()}


def with_proper_names(entry: Entry, people: People) -> Entry:
    """The entry with each person named once, as a dump would; whoever is unknown stays."""
    lists = {key: sorted({people[n][1] if n in people else n for n in entry[key]}) for key in LISTS if key in entry}
    return entry | lists


def keys_of(people: People) -> dict[str, Any]:
    """Proper name → key of the user."""
    return {name: key for key, name in people.values()}


def faults_of_lists(steps: list[Step], people: People) -> Iterator[str]:
    """Sentences about people who do not exist, or are on both lists."""
    known = keys_of(people)
    for step in steps:
        for key in LISTS:
            if unknown := [shorten(name) for name in step.entry.get(key, []) if name not in known]:
                told = {"names": ", ".join(unknown[:5])}
                yield f"{step.place}.{key}: " + _("Nobody has this staff number or login name: %(names)s.") % told
        if set(step.entry.get("always_include", [])) & set(step.entry.get("always_exclude", [])):
            yield f"{step.place}: " + _("Nobody can be on both lists.")
