"""How many people an audience means, for the editor who chooses it."""

from collections.abc import Iterable

from django.db.models import QuerySet

from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.segments.index import segment_index
from wagtail_personalize.segments.models import Membership
from wagtail_personalize.segments.refresh import ensure_today

from .clauses import Clause


def people_reached(clauses: Iterable[Clause]) -> QuerySet | None:
    """The profiles of the active people who pass all clauses; ``None`` when nobody can."""
    declaration = get_declaration()
    if declaration is None:
        return None
    people, index = declaration.profiles().filter(declaration.active), segment_index()
    for clause in clauses:
        needs = clause.needs(index)
        if needs is None:
            return None
        include, exclude = needs
        if include:
            people = people.filter(**{f"{declaration.user}__in": _members(include)})
        if exclude:
            people = people.exclude(**{f"{declaration.user}__in": _members(exclude)})
    return people


def reach(clauses: Iterable[Clause]) -> int:
    """How many active people pass all clauses today; no clauses means everyone."""
    ensure_today()
    people = people_reached(clauses)
    return 0 if people is None else people.count()


def _members(segment_ids: frozenset[int]) -> QuerySet:
    return Membership.objects.filter(segment__in=segment_ids).values("person")
