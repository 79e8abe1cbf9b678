"""Where the value of an attribute is found: its field at the end of a path, and whether the path meets many values."""

from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Exists, ManyToManyField, ManyToManyRel, ManyToOneRel, Model, OuterRef, Q
from django.utils.translation import gettext as _

from wagtail_personalize.people.attributes import Attribute
from wagtail_personalize.people.declaration import ProfileDeclaration
from wagtail_personalize.people.paths import Hop, hops

from .broken import BrokenRule


@dataclass(frozen=True)
class Rows:
    """How a query reaches many values of one profile: rows of ``model`` whose ``source`` is the profile's ``outer``."""

    model: type[Model]
    source: str
    outer: str


@dataclass(frozen=True)
class Target:
    """The values of one attribute, as a query sees them.

    ``path`` leads to them from the profile, or from the rows of ``many`` where there may be several.
    """

    attribute: Attribute
    field: Any
    path: str
    many: Rows | None

    def some(self, q: Q) -> Q:
        """True for a profile with a value that satisfies ``q``, false for all others, never NULL."""
        q = Q(**{f"{self.path}__isnull": False}) & q
        if self.many is None:
            return q
        mine = Q(**{self.many.source: OuterRef(self.many.outer)})
        return Q(Exists(self.many.model._base_manager.filter(mine & q)))

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
        known[attribute.name] = find_target(declaration, attribute)
    return known[attribute.name]


def find_target(declaration: ProfileDeclaration, attribute: Attribute) -> Target:
    """The target of any attribute over the profile model; ``BrokenRule`` when its path leads nowhere."""
    try:
        steps = hops(declaration.profile_model, attribute.path)
    except FieldDoesNotExist:
        raise BrokenRule(
            _("The attribute “%(name)s” is declared over a field that does not exist.") % {"name": attribute.name}
        ) from None
    field = getattr(steps[-1].field, "output_field", steps[-1].field)
    first = next((position for position, step in enumerate(steps) if step.many), None)
    if first is None:
        return Target(attribute, field, attribute.path, None)
    rest = [step.field.name for step in steps[first + 1 :]]
    many, path = _shortcut(steps[first], rest) or (Rows(declaration.profile_model, "pk", "pk"), attribute.path)
    return Target(attribute, field, path, many)


def _shortcut(step: Hop, rest: list[str]) -> tuple[Rows, str] | None:
    """Starting from the table that holds the links saves a join for each profile."""
    match step.field:
        case ManyToManyField() as field:
            model, source, onwards = field.remote_field.through, field.m2m_field_name(), field.m2m_reverse_field_name()
        case ManyToManyRel(field=field):
            model, source, onwards = field.remote_field.through, field.m2m_reverse_field_name(), field.m2m_field_name()
        case ManyToOneRel(field=field):
            model, source, onwards = field.model, field.name, ""
        case _:
            return None
    if not model._meta.get_field(source).target_field.primary_key:
        return None
    outer = "__".join(filter(None, [step.prefix, "pk"]))
    return Rows(model, source, outer), "__".join(filter(None, [onwards, *rest])) or "pk"
