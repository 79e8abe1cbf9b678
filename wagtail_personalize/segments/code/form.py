"""How segments stand in a file: ``{"version": 1, "segments": [entry, …]}``.

An entry says what an editor can say in the form, and nothing that follows from it. People are personal data: the lists
of always included and excluded people are written only on request. ``schema.json`` describes the same form.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model

from wagtail_personalize.people.batches import batches
from wagtail_personalize.people.declaration import get_declaration

from ..models import ManualMember, Segment

VERSION = 1
SCHEMA = Path(__file__).parent / "schema.json"
#: Key in the file → which list.
LISTS: Mapping[str, str] = {
    "always_include": ManualMember.Always.INCLUDE,
    "always_exclude": ManualMember.Always.EXCLUDE,
}

Entry = dict[str, Any]


def document(segments: Iterable[Segment], *, people: bool = False) -> dict[str, Any]:
    """What a file with these segments says; ``people``: with their lists of named people."""
    segments = list(segments)
    named = lists_of(segments) if people else None
    return {"version": VERSION, "segments": [entry_of(segment, named) for segment in segments]}


def entry_of(segment: Segment, named: Mapping[tuple[int, str], list[str]] | None = None) -> Entry:
    """One segment as it stands in a file."""
    entry: Entry = {
        "name": segment.name,
        "slug": segment.slug,
        "uuid": str(segment.uuid),
        "description": segment.description,
        "category": segment.category.name if segment.category else None,
        "live": segment.live,
        "rule": segment.rule,
    }
    if named is not None:
        entry |= {key: named.get((segment.pk, always), []) for key, always in LISTS.items()}
    return entry


def written(told: Mapping[str, Any]) -> str:
    """A document as text, for people and for version control."""
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def lists_of(segments: Iterable[Segment]) -> Mapping[tuple[int, str], list[str]]:
    """The lists of named people by segment and kind of list, in two queries for a thousand segments."""
    found: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for some in batches(segment.pk for segment in segments):
        rows = ManualMember.objects.filter(segment__in=some).order_by("pk")
        for segment, always, person in rows.values_list("segment", "always", "person"):
            found[segment, always].append(person)
    names = names_of({person for people in found.values() for person in people})
    return {key: sorted(names[person] for person in people) for key, people in found.items()}


def names_of(people: Iterable[Any]) -> Mapping[Any, str]:
    """Key of a user → staff number, or the login name of who has none: as rules name people."""
    login, declaration = get_user_model().USERNAME_FIELD, get_declaration()
    names: dict[Any, str] = {}
    for some in batches(people):
        users = get_user_model()._base_manager.filter(pk__in=some)
        names |= {pk: str(name) for pk, name in users.values_list("pk", login)}
        if declaration and declaration.staff_number:
            profiles = declaration.profiles().filter(**{f"{declaration.person_path}__in": some})
            numbers = profiles.values_list(declaration.person_path, declaration.staff_number)
            names |= {pk: str(number) for pk, number in numbers if number not in (None, "")}
    return names
