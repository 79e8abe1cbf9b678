"""What a column of a file may fill, as people choose it from a list."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db.models import Field
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wagtail_personalize.people.declaration import ProfileDeclaration

from ..mapping.targets import Target, resolve
from ..sources.contract import ImportRefused

#: Places that are no field: the three that a mapping names apart, and what the form cannot show but keeps.
STAFF_NUMBER, MANAGER, LEAVE_DATE, KEPT = "@match", "@manager", "@leave_date", "@kept"


@dataclass(frozen=True)
class Place:
    """One entry of the list; ``names`` are the words by which a column may mean it."""

    value: str
    label: str
    group: str
    target: Target | None = None
    names: tuple[str, ...] = ()


def places(declaration: ProfileDeclaration) -> list[Place]:
    """Everything that can be chosen, each field once."""
    found = [Place(STAFF_NUMBER, _("Staff number (who the line is about)"), _("The person"))]
    if declaration.manager:
        found.append(Place(MANAGER, _("Staff number of the manager"), _("The person")))
    found.append(Place(LEAVE_DATE, _("Date of leaving"), _("The person")))
    filled: set[Field] = set()
    for place in _fields(declaration):
        if place.target.field not in filled:
            filled.add(place.target.field)
            found.append(place)
    return found


def _fields(declaration: ProfileDeclaration) -> Iterator[Place]:
    for attribute in declaration.attributes:
        if target := _resolved(attribute.name, declaration):
            label = str(attribute.label)
            shown = _("%(label)s (people fill it in themselves)") if attribute.source == "self" else "%(label)s"
            names = (attribute.name, label, target.field.name)
            yield Place(attribute.name, shown % {"label": label}, _("Attributes"), target, names)
    for owner, model, group in (
        ("user", get_user_model(), pgettext("of a person", "Account")),
        ("profile", declaration.profile_model, _("Profile")),
    ):
        for field in [*model._meta.fields, *model._meta.many_to_many]:
            name = f"{owner}.{field.name}"
            if target := _resolved(name, declaration):
                yield Place(
                    name, capfirst(str(field.verbose_name)), group, target, (field.name, str(field.verbose_name))
                )


def _resolved(name: str, declaration: ProfileDeclaration) -> Target | None:
    try:
        return resolve(name, declaration)
    except ImportRefused:
        return None


def grouped(found: list[Place], beside: list[tuple[str, str]] = ()) -> list[tuple[str, object]]:
    """The choices of a select; ``beside`` are entries of a mapping file that no list has."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for place in found:
        groups.setdefault(place.group, []).append((place.value, place.label))
    if beside:
        groups[_("From the mapping file")] = list(beside)
    return [("", _("– not imported –")), *groups.items()]
