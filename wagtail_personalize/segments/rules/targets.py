"""Where the value of an attribute is found: its field at the end of a path, and whether the path meets many values."""

from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Exists, Model, OuterRef, Q
from django.utils.translation import gettext as _

from wagtail_personalize.people.attributes import Attribute
from wagtail_personalize.people.declaration import ProfileDeclaration
from wagtail_personalize.people.paths import hops

from .broken import BrokenRule


@dataclass(frozen=True)
class Target:
    """The values of one attribute, as a query sees them."""

    model: type[Model]
    attribute: Attribute
    field: Any
    many: bool

    @property
    def path(self) -> str:
        return self.attribute.path

    def some(self, q: Q) -> Q:
        """True for a profile with a value that satisfies ``q``, false for all others, never NULL."""
        q = Q(**{f"{self.path}__isnull": False}) & q
        if not self.many:
            return q
        return Q(Exists(self.model._base_manager.filter(pk=OuterRef("pk")).filter(q)))

    def mismatch(self) -> BrokenRule:
        """What to raise when the field does not hold what the declaration says."""
        return BrokenRule(
            _("The attribute “%(name)s” is declared as another kind than its field is.") % {"name": self.attribute.name}
        )


_targets: WeakKeyDictionary[ProfileDeclaration, dict[str, Target]] = WeakKeyDictionary()


def target(declaration: ProfileDeclaration, attribute: Attribute) -> Target:
    """The target of a declared attribute; looked up in the models once."""
    known = _targets.setdefault(declaration, {})
    if attribute.name not in known:
        known[attribute.name] = _find(declaration, attribute)
    return known[attribute.name]


def _find(declaration: ProfileDeclaration, attribute: Attribute) -> Target:
    try:
        steps = hops(declaration.profile_model, attribute.path)
    except FieldDoesNotExist:
        raise BrokenRule(
            _("The attribute “%(name)s” is declared over a field that does not exist.") % {"name": attribute.name}
        ) from None
    field = getattr(steps[-1].field, "output_field", steps[-1].field)
    return Target(declaration.profile_model, attribute, field, any(step.many for step in steps))
