"""A person's account, values and reporting line, as the person reads them: built from the declaration."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wagtail_personalize.privacy.recorded import Row, Section, register_recorded, said_moment

from .attributes import REPORTING_LINE, Attribute
from .declaration import get_declaration
from .loading import with_attributes
from .models import ReportingLine
from .names import name_fields, person_name
from .origins.reading import Origins, said
from .values import display_value


@register_recorded
class AccountSection(Section):
    name = "account"
    title = gettext_lazy("Your account")
    purpose = gettext_lazy("So that you can sign in, and colleagues know your name.")
    retention = gettext_lazy("As long as you have an account.")
    order = 10

    def rows(self, person: Any) -> list[Row]:
        model = get_user_model()
        names = dict.fromkeys([*name_fields(model), model.USERNAME_FIELD, model.get_email_field_name()])
        rows = [Row(_label(model, name), getattr(person, name)) for name in names if getattr(person, name, "")]
        moments = [name for name in ("date_joined", "last_login") if getattr(person, name, None)]
        rows += [Row(_label(model, name), said_moment(getattr(person, name))) for name in moments]
        groups = person.groups.order_by("name") if hasattr(person, "groups") else []
        return rows + [Row(_("User group"), group.name) for group in groups]


@register_recorded
class ProfileSection(Section):
    """Every declared attribute, also the empty ones."""

    name = "profile"
    title = gettext_lazy("Your profile")
    purpose = gettext_lazy("What each value is for stands beside it.")
    retention = gettext_lazy("As long as you have a profile, unless another time stands beside a value.")
    order = 20

    @property
    def models(self) -> tuple[str, ...]:
        declaration = get_declaration()
        return ("personalize_people.ValueOrigin", *([declaration.model] if declaration else []))

    def rows(self, person: Any) -> list[Row]:
        declaration = get_declaration()
        if declaration is None:
            return []
        profiles = with_attributes(declaration.profiles(), declaration.attributes)
        profile = profiles.filter(**{declaration.person_path: person.pk}).first()
        if profile is None:
            return []
        origins = Origins(person.pk)
        return [*_declared_fields(profile), *(_attribute(profile, each, origins) for each in declaration.attributes)]


@register_recorded
class ReportingLineSection(Section):
    """Those above by name; of those below only how many, for they are other people."""

    name = "reporting_line"
    title = gettext_lazy("Your place in the reporting line")
    purpose = gettext_lazy("So that news and pages reach whole teams, and colleagues see who leads whom.")
    retention = gettext_lazy("As long as your profile names a manager.")
    models = ("personalize_people.ReportingLine",)
    order = 30

    def rows(self, person: Any) -> list[Row]:
        above = ReportingLine.objects.filter(person=person).select_related("manager").order_by("depth")
        origin = said(Origins(person.pk).of(REPORTING_LINE), own=True)
        rows = [
            Row(_("Your manager") if line.depth == 1 else _("Above"), person_name(line.manager), _set_by(line, origin))
            for line in above
        ]
        below = ReportingLine.objects.filter(manager=person).count()
        text = ngettext("%(number)d person", "%(number)d people", below) % {"number": below}
        return rows + ([Row(_("Report to you, directly or over others"), text)] if below else [])


def _set_by(line: ReportingLine, origin: str) -> list[tuple[str, str]]:
    return [(_("Set by"), origin)] if line.depth == 1 else []


def _attribute(profile: Model, attribute: Attribute, origins: Origins) -> Row:
    value = display_value(profile, attribute)
    origin = origins.of(attribute.name) if value else origins.of_nothing(attribute.name)
    facts = [
        (_("Set by"), said(origin, own=True) if value or origin else ""),
        (_("Kept by"), _keeper(attribute)),
        (_("Purpose"), attribute.purpose),
        (_("Legal basis"), attribute.legal_basis),
        (_("Kept for"), attribute.retention),
        (_("Who can see it"), _audience(attribute)),
    ]
    return Row(attribute.label, value or _("(empty)"), facts)


def _keeper(attribute: Attribute) -> str:
    keepers = {"self": _("you"), "admin": _("those who look after the intranet"), "hr": _("the personnel department")}
    return keepers[attribute.source]


def _audience(attribute: Attribute) -> str:
    if attribute.visible:
        return _("Colleagues, and editors who may see who is in a segment.")
    return _("Only those who look after profiles, and editors who may see who is in a segment.")


def _declared_fields(profile: Model) -> Iterator[Row]:
    """What the declaration names beside attributes: staff number, time zone, language, whether there is a photo."""
    declaration = get_declaration()
    paths = {attribute.path for attribute in declaration.attributes}
    for name in (declaration.staff_number, declaration.time_zone, declaration.language, declaration.photo):
        if name and name not in paths and (value := getattr(profile, name)):
            yield Row(_label(type(profile), name), _("yes") if name == declaration.photo else value)


def _label(model: type[Model], name: str) -> str:
    try:
        return capfirst(str(model._meta.get_field(name).verbose_name))
    except FieldDoesNotExist:
        return capfirst(name.replace("_", " "))
