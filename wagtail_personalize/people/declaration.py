"""What a site builder writes: which model holds the profiles and which of its fields are attributes.

A declaration is a class; nothing in the site's models changes::

    class StaffProfile(ProfileDeclaration):
        model = "intranet.Staff"
        user = "user"
        staff_number = "staff_number"
        attributes = [Choice("department", "Department"), Date("hired", "Hire date")]

and ``WAGTAIL_PERSONALIZE = {"PROFILE": "intranet.people.StaffProfile"}`` names it.
"""

from functools import cached_property
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.core.signals import setting_changed
from django.db.models import Model, Q, QuerySet
from django.utils.module_loading import import_string

from wagtail_personalize.conf import get_settings

from .attributes import Attribute, Text
from .names import name_fields

#: What the attributes of people's names begin with; no rule can name them.
NAME_PREFIX = "@"


class ProfileDeclaration:
    """Subclass this once per site. Only ``model`` and ``attributes`` are required."""

    #: ``"app_label.ModelName"`` of the profile model.
    model: str = ""
    #: Path from the profile to the user (a one-to-one field).
    user: str = "user"
    #: The profile's unique staff number, needed to import people.
    staff_number: str | None = None
    #: Foreign key from the profile to the manager, who is a profile or a user.
    manager: str | None = None
    #: Field with the person's time zone name, if there is one.
    time_zone: str | None = None
    #: Field with the code of the language in which the person is written to, if there is one.
    language: str | None = None
    #: Foreign key from the profile to a Wagtail image, if there are photos.
    photo: str | None = None
    #: May people change their own photo?
    own_photo: bool = False
    #: The attributes that segments, profile pages and imports may use.
    attributes: list[Attribute] = []
    #: Names of the attributes by which the people directory can be filtered.
    directory: list[str] = []
    #: Name of the date on which somebody began here: for new colleagues and anniversaries.
    hired: str | None = None
    #: Name of the date of the birthday.
    birthday: str | None = None
    #: What two colleagues may have in common, by the names of attributes, and how it is said:
    #: ``{"location": _("also in %(value)s")}``.
    in_common: dict[str, Any] = {}
    #: Names of the attributes that stand below a name in lists; by default the first two that colleagues may see.
    summary: list[str] = []

    @cached_property
    def profile_model(self) -> type[Model]:
        return apps.get_model(self.model)

    @cached_property
    def by_name(self) -> dict[str, Attribute]:
        return {attribute.name: attribute for attribute in self.attributes}

    @cached_property
    def user_model(self) -> type[Model]:
        return self.profile_model._meta.get_field(self.user).related_model

    @cached_property
    def name_attributes(self) -> list[Attribute]:
        """The user's names, kept folded so that people are found by them."""
        return [
            Text(f"{NAME_PREFIX}{name}", name, path=f"{self.user}__{name}") for name in name_fields(self.user_model)
        ]

    @cached_property
    def visible_attributes(self) -> list[Attribute]:
        """What colleagues may see."""
        return [attribute for attribute in self.attributes if attribute.visible]

    @cached_property
    def summary_attributes(self) -> list[Attribute]:
        """What stands below a name in lists."""
        if self.summary:
            return [a for name in self.summary if (a := self.get(name)) and a.visible]
        return self.visible_attributes[:2]

    def get(self, name: str) -> Attribute | None:
        """The attribute called ``name``, or ``None``."""
        return self.by_name.get(name)

    @cached_property
    def person_path(self) -> str:
        """Lookup path from the profile to the user's primary key."""
        return f"{self.user}__pk"

    @cached_property
    def manager_path(self) -> str | None:
        """Lookup path from the profile to the primary key of the manager's user, or ``None``."""
        if not self.manager:
            return None
        profile = self.profile_model
        manager = profile._meta.get_field(self.manager).related_model
        is_profile = issubclass(profile, manager._meta.concrete_model)
        return f"{self.manager}__{self.person_path}" if is_profile else f"{self.manager}__pk"

    @cached_property
    def active(self) -> Q:
        """People who count at all: by default, users who are active. Override to say otherwise."""
        try:
            self.user_model._meta.get_field("is_active")
        except FieldDoesNotExist:
            return Q()
        return Q(**{f"{self.user}__is_active": True})

    def profiles(self) -> QuerySet:
        """All profiles, also of people who left."""
        return self.profile_model._default_manager.all()

    def people(self) -> QuerySet:
        """The profiles of people who count: active, and with a user."""
        return self.profiles().filter(self.active, **{f"{self.user}__isnull": False})

    def profile_of(self, person_id: Any) -> Model | None:
        """The profile of the user with this key, or ``None``."""
        return self.profiles().filter(**{self.user: person_id}).first() if person_id is not None else None


_current: ProfileDeclaration | None = None


def get_declaration() -> ProfileDeclaration | None:
    """The site's declaration, or ``None`` when ``PROFILE`` is not set (then every segment is empty)."""
    global _current
    if _current is None and get_settings().PROFILE:
        declared = import_string(get_settings().PROFILE)
        if not (isinstance(declared, type) and issubclass(declared, ProfileDeclaration)):
            raise ImproperlyConfigured(f"{get_settings().PROFILE} is not a subclass of ProfileDeclaration.")
        _current = declared()
    return _current


def _forget(*, setting: str, **kwargs: Any) -> None:
    global _current
    if setting == "WAGTAIL_PERSONALIZE":
        _current = None


setting_changed.connect(_forget, dispatch_uid="wagtail_personalize.people.declaration")
