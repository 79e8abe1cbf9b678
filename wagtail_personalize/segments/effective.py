"""Who is in a segment, as one ``Q``: active AND NOT always excluded AND (rule OR always included).

This ``Q`` is the definition. Size, list, "is she in it?" and stored memberships all come from it. It holds for one
day and for the data that rules name; compile it anew for each use.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.lookups import In
from django.utils.translation import gettext as _

from wagtail_personalize.people.batches import batches
from wagtail_personalize.people.declaration import ProfileDeclaration, get_declaration

from .models import ManualMember, Segment
from .rules.compile import BrokenRule, Compiler, nesting
from .rules.dependencies import Named, in_order, load_named, segments_named
from .rules.schema import Problem, validate
from .rules.structure import conditions_in

#: Conditions of a rule and of all segments that it names, each counted as often as it is named.
MOST_CONDITIONS_IN_ALL = 200
#: Brackets within brackets, those of all named segments included: what the parser of the smallest database can hold.
DEEPEST_IN_ALL = 40

Outcome = Q | BrokenRule


def effective_q(segment: Segment, today: date | None = None) -> Q:
    """The definition of ``segment`` over the profile model, its rule taken as it is on the instance.

    Raises ``BrokenRule``, and nothing else, when nobody can be in it. ``today`` is the site's local day by default.
    """
    return raised(effective_qs([segment], today)[segment.slug])


def effective_qs(segments: Iterable[Segment], today: date | None = None) -> dict[str, Outcome]:
    """The definitions of many segments by short name, or why one has none; shares all look-ups."""
    given = {segment.slug: Named(segment.pk, segment.rule) for segment in segments}
    try:
        definitions = Definitions(today)
    except BrokenRule as broken:
        return dict.fromkeys(given, broken)
    definitions.add(given)
    return {slug: definitions.compiler.segments[slug] for slug in given}


def people_in_rule(rule: Any, today: date | None = None) -> QuerySet:
    """The profiles of the active people whom a rule matches; raises ``BrokenRule``."""
    q = Definitions(today).of_rule(rule)
    declaration = get_declaration()
    return declaration.profiles().filter(people(declaration) & q)


def problems(rule: Any, slug: str = "", today: date | None = None) -> list[Problem]:
    """Why ``rule`` must not be saved for the segment with this short name; an empty list when it may.

    Beside its form this finds unknown names, circles and segments that are too large together. Costs a few queries.
    """
    if found := validate(rule):
        return found
    stored = Segment.objects.filter(slug=slug).values_list("pk", flat=True).first() if slug else None
    try:
        definitions = Definitions(today)
        definitions.add({slug: Named(stored, rule)})
        raised(definitions.compiler.segments[slug])
    except BrokenRule as broken:
        return [Problem((), broken.sentence)]
    return []


def people(declaration: ProfileDeclaration) -> Q:
    """Whoever can be in a segment at all: active, and a user."""
    user = declaration.profile_model._meta.get_field(declaration.user)
    return declaration.active & Q(**{f"{declaration.user}__isnull": False}) if user.null else declaration.active


def raised(outcome: Outcome) -> Q:
    """The ``Q``, or the error raised."""
    if isinstance(outcome, BrokenRule):
        raise BrokenRule(outcome.sentence)
    return outcome


class Definitions:
    """Compiles segments after those that they name, each once."""

    def __init__(self, today: date | None = None) -> None:
        self.compiler = Compiler(today)
        self._people = people(self.compiler.declaration)
        self._manual: set[tuple[int, str]] = set()
        #: Short name → number of conditions in all.
        self._sizes: dict[str, int] = {}

    def of_rule(self, rule: Any) -> Q:
        """What a rule means by itself."""
        self.add(load_named([rule]))
        self.compiler.announce([rule])
        q = self.compiler.rule(rule)
        self._size(rule, q)
        return q

    def add(self, given: Mapping[str, Named]) -> None:
        """Compile these segments and all that they name."""
        segments = load_named((named.rule for named in given.values()), given) | given
        self.compiler.announce(named.rule for named in segments.values())
        self._load_manual([named.pk for named in segments.values() if named.pk])
        circular = BrokenRule(_("Segments name each other in a circle. Remove one of the names."))
        self.compiler.segments |= dict.fromkeys(segments, circular)
        for slug in in_order(segments):
            self.compiler.segments[slug] = self._outcome(slug, segments[slug])

    def _outcome(self, slug: str, named: Named) -> Outcome:
        try:
            q = self._effective(named.pk, self.compiler.rule(named.rule))
            self._sizes[slug] = self._size(named.rule, q)
            return q
        except BrokenRule as broken:
            return broken

    def _effective(self, pk: int | None, rule: Q) -> Q:
        if (pk, ManualMember.Always.INCLUDE) in self._manual:
            rule = rule | self._listed(pk, ManualMember.Always.INCLUDE)
        if (pk, ManualMember.Always.EXCLUDE) in self._manual:
            rule = rule & ~self._listed(pk, ManualMember.Always.EXCLUDE)
        return rule & self._people

    def _listed(self, pk: int, always: str) -> Q:
        listed = ManualMember.objects.filter(segment=pk, always=always)
        return Q(In(F(self.compiler.declaration.person_path), listed.values("person").query))

    def _load_manual(self, pks: list[int]) -> None:
        for some in batches(pks):
            rows = ManualMember.objects.filter(segment__in=some).order_by()
            self._manual.update(rows.values_list("segment", "always").distinct())

    def _size(self, rule: Any, q: Q) -> int:
        """The number of conditions in all; raises ``BrokenRule`` where the rule is too large or too deep."""
        number = sum(1 for _condition in conditions_in(rule))
        number += sum(self._sizes.get(slug, 0) for slug in segments_named(rule))
        if number > MOST_CONDITIONS_IN_ALL:
            raise BrokenRule(
                _("The rule and the segments it names have more than %(number)d conditions in all.")
                % {"number": MOST_CONDITIONS_IN_ALL}
            )
        if nesting(q) > DEEPEST_IN_ALL:
            raise BrokenRule(_("The rule and the segments it names are nested too deeply in all."))
        return number
