"""What a rule means before it is saved: what is wrong with it, or the people it would contain now."""

from collections.abc import Collection
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet

from wagtail_personalize.people.declaration import get_declaration

from ..effective import Definitions, people, raised
from ..models import Segment
from ..rules.broken import BrokenRule
from ..rules.dependencies import Named
from ..rules.schema import Problem, validate


class Draft:
    """A rule as it stands in a form, compiled once for all that its editor is told.

    ``segment`` is the one that is edited, if it is stored already.
    """

    def __init__(self, rule: Any, segment: Segment | None = None) -> None:
        #: Why the rule must not be saved, as in ``effective.problems``.
        self.problems: list[Problem] = []
        self._rule = Q()
        try:
            self._rule = _meaning(rule, segment)
        except BrokenRule as broken:
            self.problems = validate(rule) or [Problem((), broken.sentence)]

    def people(self, included: Collection[Any] = (), excluded: Collection[Any] = ()) -> QuerySet:
        """The profiles of the people whom a segment with this rule and these lists (keys of users) would contain.

        Nobody, when there are problems.
        """
        declaration, matched = get_declaration(), self._rule
        if self.problems:
            return declaration.profiles().none()
        person = f"{declaration.person_path}__in"
        if included:
            matched = matched | Q(**{person: list(included)})
        if excluded:
            matched = matched & ~Q(**{person: list(excluded)})
        return declaration.profiles().filter(matched & people(declaration))


def _meaning(rule: Any, segment: Segment | None) -> Q:
    """What the rule means by itself; raises ``BrokenRule`` as soon as it must not be saved for this segment."""
    slug, key = (segment.slug, segment.pk) if segment else ("", None)
    definitions = Definitions()
    definitions.add({slug: Named(key, rule)})
    raised(definitions.compiler.segments[slug])
    return definitions.rules[slug]


def example_people(profiles: QuerySet, number: int) -> list[Any]:
    """A few of these people, as users, always the same ones."""
    declaration = get_declaration()
    keys = list(profiles.order_by(declaration.person_path).values_list(declaration.person_path, flat=True)[:number])
    return list(get_user_model()._default_manager.filter(pk__in=keys).order_by("pk"))
