"""Whom a line is about: a number that means something only while this run lasts, perhaps somebody of this site."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, datetime
from hashlib import blake2b
from secrets import token_bytes
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.people.importing.sources.contract import ImportRefused
from wagtail_personalize.segments.models import Membership, PastMembership

from ..models import Objection


class Spell(NamedTuple):
    """Somebody was in a segment at the end of each of these days, which are ordinals."""

    segment: int
    first: int
    last: int


class PeopleOfLog:
    """Gives each person key a number, and knows who of this site it is, if the mapping says how to find out."""

    def __init__(self, by: str) -> None:
        self._secret = token_bytes(32)
        self._here = _people(by)
        self._objected = set(Objection.objects.values_list("person_id", flat=True)) if by else set()
        self._numbers: dict[str, int] = {}
        self.is_matched = bool(by)
        #: The users who were found, by their numbers.
        self.users: dict[int, Any] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def read(self, text: str) -> int | None:
        """The number of a person; ``None`` for somebody who objected to being counted."""
        name = text.strip().casefold()
        user = self._here.get(name)
        if user in self._objected and user is not None:
            return None
        if name not in self._numbers:
            digest = blake2b(name.encode(), key=self._secret, digest_size=8).digest()
            self._numbers[name] = int.from_bytes(digest, "big") >> 1
            if user is not None:
                self.users[self._numbers[name]] = user
        return self._numbers[name]

    def spells(self, segments: Collection[int]) -> dict[int, list[Spell]]:
        """When those who were found were in which of these segments, by their numbers."""
        numbers = {user: number for number, user in self.users.items()}
        found: dict[int, list[Spell]] = defaultdict(list)
        for user, spell in _spells(segments):
            if user in numbers:
                found[numbers[user]].append(spell)
        return found


def _people(by: str) -> dict[str, Any]:
    if not by:
        return {}
    users = get_user_model()
    if by == "username":
        rows = users._base_manager.values_list(users.USERNAME_FIELD, "pk")
    else:
        declaration = get_declaration()
        if declaration is None or not declaration.staff_number:
            raise ImportRefused(
                _("The profile declaration names no staff number. Find people by people = “username”, or not at all.")
            )
        rows = declaration.profiles().order_by().values_list(declaration.staff_number, declaration.person_path)
    return {str(name).strip().casefold(): pk for name, pk in rows if name and pk is not None}


def _spells(segments: Collection[int]) -> Iterator[tuple[Any, Spell]]:
    columns = "person_id", "segment_id", "since"
    for person, segment, since in Membership.objects.filter(segment__in=segments).order_by().values_list(*columns):
        yield person, Spell(segment, _day(since), date.max.toordinal())
    past = PastMembership.objects.filter(segment__in=segments).order_by()
    for person, segment, since, until in past.values_list(*columns, "until"):
        yield person, Spell(segment, _day(since), _day(until) - 1)


def _day(moment: datetime) -> int:
    return timezone.localdate(moment, timezone.get_default_timezone()).toordinal()
