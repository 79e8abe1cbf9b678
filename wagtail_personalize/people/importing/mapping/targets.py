"""What a column may fill: fields of the user and of the profile, by attribute or by name, never rights."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, FileField, ForeignKey, ManyToManyField, Model
from django.utils.translation import gettext as _

from wagtail_personalize.people.attributes import Attribute
from wagtail_personalize.people.declaration import ProfileDeclaration

from ..sources.contract import ImportRefused

#: Fields of a user that no import sets: who may do what is not decided by a file.
RIGHTS = {"password", "is_staff", "is_superuser", "is_active", "groups", "user_permissions", "last_login"}
_RIGHTS_MODELS = {"auth.group", "auth.permission"}


@dataclass(frozen=True, eq=False)
class Target:
    """One field that the import writes."""

    name: str
    owner: Literal["user", "profile"]
    field: Field
    attribute: Attribute | None = None

    @cached_property
    def is_link(self) -> bool:
        return isinstance(self.field, ForeignKey)

    @cached_property
    def is_many(self) -> bool:
        return isinstance(self.field, ManyToManyField)

    @cached_property
    def is_sign_in(self) -> bool:
        """Whoever can change it could take over an account: the login name and the e-mail address."""
        user_model = get_user_model()
        return self.owner == "user" and self.field.name in (
            user_model.USERNAME_FIELD,
            user_model.get_email_field_name(),
        )

    def path(self, declaration: ProfileDeclaration) -> str:
        """The lookup path from the profile."""
        return f"{declaration.user}__{self.field.name}" if self.owner == "user" else self.field.name


def resolve(name: str, declaration: ProfileDeclaration) -> Target:
    """The field that a mapping calls ``name``: an attribute, ``user.<field>`` or ``profile.<field>``."""
    owner, _dot, rest = name.rpartition(".")
    attribute = declaration.get(name)
    if attribute is not None:
        owner, rest = _end_of_path(attribute, declaration)
    if owner not in ("", "user", "profile"):
        raise _refuse(name, _("write an attribute, “user.field” or “profile.field”"))
    if owner == "user":
        target = Target(name, "user", _field(name, get_user_model(), rest), attribute)
    else:
        attribute = attribute or next((a for a in declaration.attributes if a.path == rest), None)
        target = Target(name, "profile", _field(name, declaration.profile_model, rest), attribute)
    _check(target, declaration)
    return target


def _end_of_path(attribute: Attribute, declaration: ProfileDeclaration) -> tuple[str, str]:
    hops = attribute.path.split("__")
    if hops[0] == declaration.user and len(hops) == 2:
        return "user", hops[1]
    if len(hops) == 1:
        return "profile", hops[0]
    raise _refuse(
        attribute.name,
        _("it belongs to the linked object; say which object under [links.%(field)s]") % {"field": hops[0]},
    )


def _field(name: str, model: type[Model], field_name: str) -> Field:
    try:
        field = model._meta.get_field(field_name)
    except FieldDoesNotExist:
        raise _refuse(
            name, _("the model %(model)s has no field “%(field)s”") % {"model": model._meta.label, "field": field_name}
        ) from None
    if not isinstance(field, Field):
        raise _refuse(name, _("it belongs to another model"))
    return field


def _check(target: Target, declaration: ProfileDeclaration) -> None:
    field = target.field
    related = field.related_model._meta.label_lower if field.is_relation else ""
    if (target.owner == "user" and field.name in RIGHTS) or related in _RIGHTS_MODELS:
        raise _refuse(target.name, _("an import never sets rights, groups or passwords"))
    if field.primary_key or isinstance(field, FileField):
        raise _refuse(target.name, _("keys and files cannot be imported"))
    if target.owner == "profile" and field.name in (declaration.user, declaration.staff_number, declaration.manager):
        raise _refuse(target.name, _("the user, the staff number and the manager have places of their own"))
    if field.is_relation and not (target.is_link or target.is_many):
        raise _refuse(target.name, _("only foreign keys and many-to-many fields can be linked"))


def _refuse(name: str, why: str) -> ImportRefused:
    return ImportRefused(_("The mapping cannot fill “%(name)s”: %(why)s.") % {"name": name, "why": why})
