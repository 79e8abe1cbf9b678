"""What a condition type has to say about itself."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import F, Q, QuerySet
from django.db.models.lookups import In
from django.utils.translation import gettext as _

from wagtail_personalize.people.declaration import get_declaration

from ..broken import BrokenRule
from ..nesting import nesting
from ..operators import Shape
from .watches import Watch

if TYPE_CHECKING:
    from ..compile import Compiler
    from ..labels import Labels

Condition = Mapping[str, Any]


class ConditionType(ABC):
    """One kind of condition beside those on attributes.

    A subclass names its ``operator`` and says in ``q`` which profiles satisfy a condition. ``q`` must be true or false
    for every profile, never NULL (wrap subqueries in ``Exists`` or ``In``), and raises ``BrokenRule`` when the
    condition names something that does not exist.
    """

    #: Stands in the rule: ``{"operator": "in_segment", "value": …}``.
    operator: ClassVar[str] = ""
    #: Stands in menus.
    label: ClassVar[Any] = ""
    #: Stands in sentences; ``%(value)s`` is the value as people read it.
    phrase: ClassVar[Any] = ""
    shape: ClassVar[Shape] = Shape.NONE
    #: Keys that the condition may have beside ``operator`` and ``value``.
    keys: ClassVar[frozenset[str]] = frozenset()
    #: The operator that this one is the exact contrary of, when there is one.
    negates: ClassVar[str | None] = None
    #: Can the answer change with the day alone?
    depends_on_date: ClassVar[bool] = False
    #: Can people bring the answer about themselves? Then it never restricts.
    self_chosen: ClassVar[bool] = False
    #: Which saves and deletions may change the answer: ``[watch("intranet.Completion", person="person")]``.
    watches: ClassVar[Sequence[Watch]] = ()

    @property
    def topic(self) -> str:
        """Its name in ``mentions``; a condition and its contrary have the same."""
        return self.negates or self.operator

    @abstractmethod
    def q(self, condition: Condition, compiler: "Compiler") -> Q:
        """Which profiles satisfy it."""

    def choices(self) -> Iterable[tuple[Any, Any]] | None:
        """What an editor may pick as (value, label), for the shapes *choice*, *choices*, *key* and *keys*.

        A rule that names anything else is broken.
        """
        return None

    @property
    def has_choices(self) -> bool:
        """Does an editor pick from what the type offers?"""
        return type(self).choices is not ConditionType.choices

    def people(self, users: QuerySet) -> Q:
        """The profiles of these people: a queryset of one column, the users' keys."""
        return Q(In(F(get_declaration().person_path), users.query))

    def compiled(self, condition: Condition, compiler: "Compiler") -> Q:
        """``q``, after everything that the condition names was found to exist."""
        from ..wording import listed, unknown

        values = listed(condition.get("value"))
        known = self.labels_of(values)
        if missing := [value for value in values if known is not None and str(value) not in known]:
            raise BrokenRule(
                _("The rule names something that does not exist: %(name)s.") % {"name": unknown(missing[0])}
            )
        return self.q(condition, compiler)

    def check(self, condition: Condition, compiler: "Compiler") -> int:
        """How deep ``q`` nests at most; raises ``BrokenRule`` whenever ``compiled`` would. Finds out by compiling."""
        return nesting(compiler.condition(condition))

    def labels_of(self, values: Iterable[Any]) -> Mapping[str, str] | None:
        """The labels of those values that exist, ``None`` when there are no choices. Override it for very many."""
        wanted = {str(value) for value in values}
        choices = self.choices()
        return None if choices is None else {str(v): str(label) for v, label in choices if str(v) in wanted}

    def problems(self, condition: Condition) -> Iterable[str]:
        """Sentences on what else is wrong with the form of a condition than its value's shape."""
        return ()

    def mentions(self, condition: Condition) -> Iterator[str]:
        """What has to change for the answer to change, in the words of ``hookspecs.profiles_changed``."""
        if self.watches:
            yield self.topic

    def sentence(self, condition: Condition, labels: "Labels") -> str:
        """The condition as people read it."""
        return self.phrase % {"value": labels.told(self, condition)}

    def actual(self, person_id: Any) -> str:
        """What this person has of what is asked about, for whoever reads why; asked once for an explanation."""
        return ""
