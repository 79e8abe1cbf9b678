"""What a condition type has to say about itself."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Q

from ..operators import Shape

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

    @abstractmethod
    def q(self, condition: Condition, compiler: "Compiler") -> Q:
        """Which profiles satisfy it."""

    def problems(self, condition: Condition) -> Iterable[str]:
        """Sentences on what else is wrong with the form of a condition than its value's shape."""
        return ()

    def mentions(self, condition: Condition) -> Iterator[str]:
        """What has to change for the answer to change, in the words of ``hookspecs.profiles_changed``."""
        yield from ()

    def sentence(self, condition: Condition, labels: "Labels") -> str:
        """The condition as people read it."""
        return self.phrase % {"value": labels.texts(condition.get("value"))}
