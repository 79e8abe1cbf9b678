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
from .rules.compile import BrokenRule, Compiler
from .rules.dependencies import Named, in_order, load_named, segments_named
from .rules.nesting import OF_LISTS, nesting
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
    given = {segment.slug: Named(segment.pk, segment.rule, segment.live) for segment in segments}
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
    """Finds out which segments mean anything, and compiles them after those that they name, each once."""

    def __init__(self, today: date | None = None) -> None:
        self.compiler = Compiler(today, self._compile)
        #: Short name → what the rule means by itself, for rules that were compiled.
        self.rules: dict[str, Q] = {}
        self._named: dict[str, Named] = {}
        self._people = people(self.compiler.declaration)
        self._manual: set[tuple[int, str]] = set()
        #: Short name → number of conditions in all.
        self._sizes: dict[str, int] = {}

    def of_rule(self, rule: Any) -> Q:
        """What a rule means by itself."""
        self.add(load_named([rule]))
        self.compiler.announce([rule])
        q = self.compiler.rule(rule)
        self._size(rule)
        _refuse_deep(nesting(q))
        return q

    def add(self, given: Mapping[str, Named], known: Mapping[str, Named] | None = None) -> None:
        """Compile these segments and all that they name, which ``known`` may hold already."""
        for slug in self.check(given, known):
            self._define(slug)

    def check(self, given: Mapping[str, Named], known: Mapping[str, Named] | None = None) -> list[str]:
        """Find out which of these segments and of those that they name mean anything; compiled when asked for.

        Returns the short names of all, each after those that it names.
        """
        if known is None:
            known = load_named((named.rule for named in given.values()), given)
        segments = {**known, **given}
        self._named |= segments
        self.compiler.announce(named.rule for named in segments.values())
        self._load_manual([named.pk for named in segments.values() if named.pk])
        circular = BrokenRule(_("Segments name each other in a circle. Remove one of the names."))
        self.compiler.checked |= dict.fromkeys(segments, circular)
        for slug in segments:
            self.compiler.segments.pop(slug, None)
        order = in_order(segments)
        for slug in order:
            self.compiler.checked[slug] = self._checked(slug, segments[slug])
        return [*order, *(segments.keys() - order)]

    def problem(self, slug: str) -> BrokenRule | None:
        """Why this segment, which was checked, means nothing; ``None`` when it means something."""
        found = self.compiler.checked[slug]
        return found if isinstance(found, BrokenRule) else None

    def outcome(self, slug: str) -> Outcome:
        """The ``Q`` of this segment, which was checked, or why it has none."""
        if slug not in self.compiler.segments:
            self._compile(slug)
        return self.compiler.segments[slug]

    def has_list(self, pk: int | None, always: str) -> bool:
        """Does anybody stand on this list of the segment?"""
        return (pk, always) in self._manual

    def _checked(self, slug: str, named: Named) -> int | BrokenRule:
        """How deep the definition nests at most, or why there is none."""
        if not named.live:
            return BrokenRule(_("The segment “%(name)s” is a draft. Publish it first.") % {"name": slug})
        try:
            deepest = self.compiler.check(named.rule) + OF_LISTS + nesting(self._people)
            self._sizes[slug] = self._size(named.rule)
            if deepest > DEEPEST_IN_ALL:
                deepest = nesting(self._defined(slug, named))
                _refuse_deep(deepest)
            return deepest
        except BrokenRule as broken:
            return broken

    def _compile(self, slug: str) -> None:
        """Define this segment after those that it names, as far as they are not defined yet."""
        if self.problem(slug):
            self._define(slug)
            return
        needed = load_named([self._named[slug].rule], self._named) | {slug: self._named[slug]}
        for each in in_order({name: needed[name] for name in needed.keys() - self.compiler.segments}):
            self._define(each)

    def _define(self, slug: str) -> None:
        """Put the outcome where the compiler looks for it."""
        try:
            self.compiler.segments[slug] = self.problem(slug) or self._defined(slug, self._named[slug])
        except BrokenRule as broken:
            self.compiler.segments[slug] = broken

    def _defined(self, slug: str, named: Named) -> Q:
        rule = self.rules[slug] = self.compiler.sound_rule(named.rule)
        return self._effective(named.pk, rule)

    def _effective(self, pk: int | None, rule: Q) -> Q:
        if self.has_list(pk, ManualMember.Always.INCLUDE):
            rule = rule | self._listed(pk, ManualMember.Always.INCLUDE)
        if self.has_list(pk, ManualMember.Always.EXCLUDE):
            rule = rule & ~self._listed(pk, ManualMember.Always.EXCLUDE)
        return rule & self._people

    def _listed(self, pk: int, always: str) -> Q:
        listed = ManualMember.objects.filter(segment=pk, always=always)
        return Q(In(F(self.compiler.declaration.person_path), listed.values("person").query))

    def _load_manual(self, pks: list[int]) -> None:
        for some in batches(pks):
            rows = ManualMember.objects.filter(segment__in=some).order_by()
            self._manual.update(rows.values_list("segment", "always").distinct())

    def _size(self, rule: Any) -> int:
        """The number of conditions in all; raises ``BrokenRule`` where there are too many."""
        number = sum(1 for _condition in conditions_in(rule))
        number += sum(self._sizes.get(slug, 0) for slug in segments_named(rule))
        if number > MOST_CONDITIONS_IN_ALL:
            raise BrokenRule(
                _("The rule and the segments it names have more than %(number)d conditions in all.")
                % {"number": MOST_CONDITIONS_IN_ALL}
            )
        return number


def _refuse_deep(deepest: int) -> None:
    if deepest > DEEPEST_IN_ALL:
        raise BrokenRule(_("The rule and the segments it names are nested too deeply in all."))
