"""Whom a text mentions: ``@`` and a name, of people who have a profile here.

Who typed may have chosen a person from the list that completes names: then the form brings the key, and the name in the
text says where. A name that was typed in full counts too, if exactly one person is called like that.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.html import format_html

from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.people.folding import fold
from wagtail_personalize.people.loading import by_name, with_attributes
from wagtail_personalize.people.names import person_name
from wagtail_personalize.people.pages.cards import card
from wagtail_personalize.people.search import find_by_name
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.sources.colleagues import ids_of

from ..people_shown import Someone
from .text import Place

#: A comment mentions at most so many people.
MOST_MENTIONS = 20
#: So many people are offered while a name is typed.
MOST_OFFERED = 8
#: More people of one name are not told apart by typing it.
_MOST_ALIKE = 20
#: Among these, who is called like that comes before those whose names merely contain it.
_MOST_LOOKED_AT = 40
_AT = re.compile(r"(?<![^\s(\[„“\"'«])@(?=\w)")
_WORDS = re.compile(r"\S+(?: \S+)?")

#: By key of the person, what they are called.
_Names = Mapping[Any, str]


def find_mentions(text: str, chosen: Iterable[str]) -> tuple[list[Place], list[Any]]:
    """Where people are mentioned, and the keys of those people: the first is number 1."""
    starts = [found.start() for found in _AT.finditer(text)][:MOST_MENTIONS]
    if not starts or get_declaration() is None:
        return [], []
    known = _names(_people().filter(**{f"{get_declaration().user}__in": ids_of(list(chosen)[: MOST_MENTIONS * 2])}))
    places: list[Place] = []
    people: list[Any] = []
    for start in starts:
        rest = text[start + 1 : start + 201]
        person, length = _called(rest, known) or _typed(rest) or (None, 0)
        if person is not None:
            if person not in people:
                people.append(person)
            places.append(Place(start, start + 1 + length, people.index(person) + 1))
    return places, people


def offered(typed: str, viewer: Viewer) -> list[dict[str, Any]]:
    """Whom one may mean by the beginning of a name, as a program reads it; everybody but oneself."""
    declaration = get_declaration()
    if declaration is None or viewer.is_anonymous or not typed.strip():
        return []
    attributes = declaration.summary_attributes[:2]
    people = with_attributes(declaration.people(), attributes).exclude(**{declaration.user: viewer.person_id})
    cards = [card(profile, attributes) for profile in by_name(find_by_name(people, typed))[:_MOST_LOOKED_AT]]
    begin = fold(typed.strip())
    cards.sort(key=lambda each: not any(word.startswith(begin) for word in _words(fold(each.name))))
    return [
        {"id": str(each.user.pk), "name": each.name, "about": " · ".join(line.value for line in each.lines)}
        for each in cards[:MOST_OFFERED]
    ]


def _words(name: str) -> list[str]:
    """A name from each of its words on, so that what was typed may begin with any of them."""
    words = name.split()
    return [" ".join(words[place:]) for place in range(len(words))]


def as_link(someone: Someone | None, former: str) -> str:
    """A mention as readers see it."""
    if someone is None:
        return format_html('<span class="wp-mention">@{}</span>', former)
    if not someone.url:
        return format_html('<span class="wp-mention">@{}</span>', someone.name)
    return format_html('<a class="wp-mention" href="{}">@{}</a>', someone.url, someone.name)


def _people() -> QuerySet:
    declaration = get_declaration()
    return declaration.people().select_related(declaration.user)


def _names(people: QuerySet) -> dict[Any, str]:
    users = (getattr(profile, get_declaration().user) for profile in people)
    return {user.pk: person_name(user) for user in users}


def _typed(rest: str) -> tuple[Any, int] | None:
    """The one person whose whole name stands here: looked for by two words, then by one."""
    words = _WORDS.match(rest)[0].rstrip(".,;:!?)]}»”\"'")
    for some in dict.fromkeys([words, words.split(" ")[0]]):
        found = _names(find_by_name(_people(), some)[:_MOST_ALIKE]) if some else {}
        alike = [one for pk, name in found.items() if (one := _called(rest, {pk: name}))]
        longest = max((length for _pk, length in alike), default=0)
        best = [one for one in alike if one[1] == longest]
        if best:
            return best[0] if len(best) == 1 else None
    return None


def _called(rest: str, names: _Names) -> tuple[Any, int] | None:
    """Who is called what stands here, and how long that is; the longest name counts."""
    fits = [(pk, len(name)) for pk, name in names.items() if _begins_with(rest, name)]
    return max(fits, key=lambda one: one[1], default=None)


def _begins_with(rest: str, name: str) -> bool:
    after = rest[len(name) : len(name) + 1]
    return bool(name) and rest[: len(name)].casefold() == name.casefold() and not (after.isalnum() or after == "_")
