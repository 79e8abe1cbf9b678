"""What a condition can be about: each declared attribute, and each condition type together with its contrary.

A subject becomes one block of the rule builder. Everything here follows from the declaration and from the registries
of operators and condition types, so an operator or condition type that is added there appears here by itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from wagtail_personalize.people.attributes import Attribute
from wagtail_personalize.people.declaration import get_declaration

from ...rules import conditions
from ...rules.operators import Shape, operators_for

#: Operators that stand at the top of the menu, the usual one first; the others are folded away under "More".
USUAL: Mapping[str, tuple[str, ...]] = {
    "text": ("is", "is_one_of", "contains", "starts_with"),
    "choice": ("is_one_of", "is_none_of"),
    "number": ("gte", "lte", "between", "is"),
    "date": ("in_the_last", "more_than_ago", "in_the_next", "before", "after"),
    "yearless": ("anniversary_within",),
    "yes_no": ("is",),
    "link": ("is_one_of", "is_none_of"),
    "tree": ("is_under", "is_not_under", "is_one_of"),
    "many": ("has_any", "has_all", "has_none"),
}

_ICONS = {
    "text": "pilcrow",
    "choice": "tag",
    "number": "decimal",
    "date": "calendar",
    "yes_no": "circle-check",
    "link": "link",
    "tree": "folder-open-1",
    "many": "list-ul",
    Shape.SEGMENT: "group",
    Shape.GROUP: "key",
    Shape.PERSON: "user",
}


@dataclass(frozen=True)
class Subject:
    """One thing to ask about, with the operators that fit."""

    block: str
    label: str
    group: str
    icon: str
    #: What every condition on it says: ``{"attribute": …}``, or nothing for a condition type.
    says: Mapping[str, Any]
    #: operator → (label, shape of its value), in the order of menus.
    operators: Mapping[str, tuple[str, Shape]]
    usual: tuple[str, ...]
    #: Where its pickers find values.
    source: str
    help_text: str = ""
    attribute: Attribute | None = None
    #: Can people bring it about themselves, without an attribute of theirs?
    self_chosen: bool = False

    @property
    def shapes(self) -> set[Shape]:
        return {shape for _label, shape in self.operators.values()}


class Subjects(dict[str, Subject]):
    """Subjects by the type of their block."""

    def of(self, condition: Mapping[str, Any]) -> Subject | None:
        """What a stored condition is about, or ``None`` when it is about nothing that is offered."""
        for subject in self.values():
            if condition.get("operator") in subject.operators and _about(condition) == subject.says:
                return subject
        return None

    def without(self, attributes: Iterable[Attribute]) -> "Subjects":
        """These subjects but for some attributes, and for what people do."""
        hidden = list(attributes)
        return Subjects(
            (name, subject)
            for name, subject in self.items()
            if subject.attribute not in hidden and not subject.self_chosen
        )


def all_subjects() -> Subjects:
    """Everything that a rule may ask about on this site, in the language that is active."""
    declaration = get_declaration()
    attributes = [_from_attribute(attribute) for attribute in declaration.attributes] if declaration else []
    return Subjects((subject.block, subject) for subject in [*attributes, *_from_condition_types()])


def _about(condition: Mapping[str, Any]) -> dict[str, Any]:
    return {"attribute": condition["attribute"]} if "attribute" in condition else {}


def _from_attribute(attribute: Attribute) -> Subject:
    kind = "yearless" if getattr(attribute, "yearless", False) else attribute.kind
    origin = {"hr": _("From HR"), "admin": _("Kept by administrators"), "self": _("Told by people themselves")}
    return Subject(
        block=f"attribute_{attribute.name}",
        label=str(attribute.label),
        group=origin[attribute.source],
        icon=_ICONS[attribute.kind],
        says={"attribute": attribute.name},
        operators={name: (str(known.label), known.shape) for name, known in operators_for(attribute).items()},
        usual=USUAL[kind],
        source=f"attribute.{attribute.name}",
        help_text=str(attribute.help_text),
        attribute=attribute,
    )


def _from_condition_types() -> list[Subject]:
    types = conditions.all_types()
    found = []
    for name, known in types.items():
        if not known.negates:
            family = {name: known} | {key: other for key, other in types.items() if other.negates == name}
            found.append(_from_family(name, family))
    return found


def _from_family(name: str, family: Mapping[str, conditions.ConditionType]) -> Subject:
    """A condition type and its contrary are one subject."""
    shape = family[name].shape
    named = {Shape.SEGMENT: _("Segment"), Shape.GROUP: _("User group")}
    sources = {Shape.SEGMENT: "segment", Shape.GROUP: "group", Shape.PERSON: "manager"}
    return Subject(
        block=f"condition_{name}",
        label=named.get(shape) or capfirst(str(family[name].label)),
        group=_("Segments, groups and managers") if shape in sources else _("Other conditions"),
        icon=_ICONS.get(shape, "cog"),
        says={},
        operators={key: (str(known.label), known.shape) for key, known in family.items()},
        usual=tuple(family),
        source=f"condition.{name}" if family[name].has_choices else sources.get(shape, "text"),
        self_chosen=family[name].self_chosen,
    )
