"""Which people a list of e-mail addresses and staff numbers means.

An entry with an ``@`` is an address, any other a staff number. People are streamed once and compared in Python without
regard to case, so the answer is the same on every database.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _

from wagtail_personalize.people.batches import batches
from wagtail_personalize.people.declaration import ProfileDeclaration, get_declaration

from .manual_entries import Entry


@dataclass(frozen=True)
class Left:
    """An entry that puts nobody on the list, and why."""

    line: int
    text: str
    reason: str


@dataclass
class Matched:
    """The keys of the users that are meant, in the order of the list, and what was left out."""

    people: list[Any] = field(default_factory=list)
    unmatched: list[Left] = field(default_factory=list)
    inactive: list[Left] = field(default_factory=list)
    repeated: list[Left] = field(default_factory=list)

    @property
    def left_out(self) -> list[Left]:
        """Everything that has to be looked at again, in the order of the lines."""
        return sorted([*self.unmatched, *self.inactive], key=lambda left: left.line)


def match(entries: Iterable[Entry]) -> Matched:
    """Find the people that ``entries`` mean."""
    entries = list(entries)
    known = _known({entry.key for entry in entries})
    active = _active({person for people in known.values() for person in people})
    found, lines = Matched(), dict[Any, int]()
    for entry in entries:
        people = known.get(entry.key, set())
        if len(people) != 1:
            found.unmatched.append(Left(entry.line, entry.text, _why_not(entry, people)))
            continue
        (person,) = people
        if person in lines:
            reason = _("the same person as in line %(line)d") % {"line": lines[person]}
            found.repeated.append(Left(entry.line, entry.text, reason))
        elif person in active:
            found.people.append(person)
        else:
            found.inactive.append(Left(entry.line, entry.text, _("no longer active")))
        lines.setdefault(person, entry.line)
    return found


def _why_not(entry: Entry, people: set[Any]) -> str:
    if people:
        return _("several people have this address or number")
    return _("nobody has this e-mail address") if "@" in entry.text else _("nobody has this staff number")


def _known(wanted: set[str]) -> dict[str, set[Any]]:
    """The keys of users by what names them, for those names that are ``wanted``."""
    known: dict[str, set[Any]] = {}
    declaration = get_declaration()
    for person, *names in _people(declaration) if declaration else ():
        for name in names:
            key = str(name or "").strip().casefold()
            if key in wanted and person is not None:
                known.setdefault(key, set()).add(person)
    return known


def _people(declaration: ProfileDeclaration) -> Iterator[tuple[Any, ...]]:
    columns = [declaration.person_path]
    email = get_user_model().get_email_field_name()
    if _has_field(email):
        columns.append(f"{declaration.user}__{email}")
    if declaration.staff_number:
        columns.append(declaration.staff_number)
    yield from declaration.profiles().order_by().values_list(*columns).iterator(chunk_size=5000)


def _active(persons: set[Any]) -> set[Any]:
    declaration = get_declaration()
    found: set[Any] = set()
    for batch in batches(persons):
        people = declaration.people().filter(**{f"{declaration.person_path}__in": batch})
        found.update(people.order_by().values_list(declaration.person_path, flat=True))
    return found


def _has_field(name: str) -> bool:
    try:
        get_user_model()._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True
