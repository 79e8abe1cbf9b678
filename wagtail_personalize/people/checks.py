"""System checks that explain a mistake in the profile declaration before it empties a segment.

Every message says what is wrong and, as its hint, what to do. The identifiers are stable and may be silenced.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model
from django.utils.module_loading import import_string

from wagtail_personalize.conf import get_settings

from .appearing.checks import check_appearing
from .attribute_checks import check_attribute
from .attributes import Attribute, Choice, Link, Many, Tree, YesNo
from .declaration import ProfileDeclaration
from .editing_checks import check_editing

_PREFIX = "personalize_people"


def check_people(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """All checks of this room."""
    path = get_settings().PROFILE
    if not path:
        return [
            Error(
                "No profile declaration is named, so every segment is empty.",
                hint="Write a ProfileDeclaration and name it: WAGTAIL_PERSONALIZE = {'PROFILE': 'module.YourClass'}.",
                id=f"{_PREFIX}.E001",
            )
        ]
    try:
        declared = import_string(path)
    except ImportError as error:
        return [
            Error(
                f"The profile declaration '{path}' cannot be imported: {error}.",
                hint="Correct WAGTAIL_PERSONALIZE['PROFILE'], or the module that it names.",
                id=f"{_PREFIX}.E002",
            )
        ]
    if not (isinstance(declared, type) and issubclass(declared, ProfileDeclaration)):
        return [
            Error(
                f"'{path}' is not a profile declaration.",
                hint="Let it be a class that inherits wagtail_personalize.people.declaration.ProfileDeclaration.",
                id=f"{_PREFIX}.E003",
            )
        ]
    return check_declaration(declared())


def check_declaration(declaration: ProfileDeclaration) -> list[CheckMessage]:
    """Everything that can be wrong in a declaration."""
    try:
        model = declaration.profile_model
    except (LookupError, ValueError):
        return [
            Error(
                f"{_name(declaration)} names the model '{declaration.model}', which does not exist.",
                hint="Write model = 'app_label.ModelName' and add that app to INSTALLED_APPS.",
                id=f"{_PREFIX}.E004",
            )
        ]
    if errors := [*_check_user(declaration, model)]:
        return errors
    return [
        *_check_identity(declaration, model),
        *_check_names(declaration),
        *(message for a in _attributes(declaration) for message in check_attribute(declaration, a)),
        *_check_directory(declaration),
        *check_appearing(declaration),
        *check_editing(declaration, _attributes(declaration)),
    ]


def _name(declaration: ProfileDeclaration) -> str:
    return f"{type(declaration).__module__}.{type(declaration).__qualname__}"


def _attributes(declaration: ProfileDeclaration) -> list[Attribute]:
    return [attribute for attribute in declaration.attributes if isinstance(attribute, Attribute)]


def _field(model: type[Model], name: str) -> Field | None:
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _check_user(declaration: ProfileDeclaration, model: type[Model]) -> Iterator[CheckMessage]:
    field = _field(model, declaration.user)
    user_model = apps.get_model(settings.AUTH_USER_MODEL)
    if not (getattr(field, "one_to_one", False) and field.concrete and field.related_model is user_model):
        yield Error(
            f"{_name(declaration)} names '{declaration.user}' as the way to the user, but {model._meta.label} has no "
            "one-to-one field of that name to the user model.",
            hint=f"Let user name a OneToOneField to {settings.AUTH_USER_MODEL}.",
            id=f"{_PREFIX}.E005",
        )


def _check_identity(declaration: ProfileDeclaration, model: type[Model]) -> Iterator[CheckMessage]:
    """The fields that are named beside the attributes."""
    rules: list[tuple[str, Callable[[Field], bool], str, str]] = [
        ("staff_number", _is_unique, "a unique field", "E006"),
        ("manager", lambda field: _is_person(declaration, field), "a foreign key to a profile or a user", "E007"),
        ("time_zone", lambda field: not field.is_relation, "a plain field", "E008"),
        ("language", lambda field: not field.is_relation, "a plain field", "E008"),
        ("photo", lambda field: bool(field.many_to_one or field.one_to_one), "a foreign key to an image", "E008"),
    ]
    for part, fits, expected, number in rules:
        name = getattr(declaration, part)
        if name and not ((field := _field(model, name)) and fits(field)):
            yield Error(
                f"{_name(declaration)} names '{name}' as {part}, but {model._meta.label} has no such field that is "
                f"{expected}.",
                hint=f"Let {part} name {expected}, or set it to None.",
                id=f"{_PREFIX}.{number}",
            )


def _is_unique(field: Field) -> bool:
    return bool(getattr(field, "unique", False))


def _is_person(declaration: ProfileDeclaration, field: Field) -> bool:
    people = (declaration.profile_model._meta.concrete_model, declaration.user_model._meta.concrete_model)
    return bool(field.many_to_one or field.one_to_one) and field.related_model._meta.concrete_model in people


def _check_names(declaration: ProfileDeclaration) -> Iterator[CheckMessage]:
    for other in declaration.attributes:
        if not isinstance(other, Attribute) or not other.kind:
            yield Error(
                f"{_name(declaration)} lists {other!r}, which is not an attribute.",
                hint="Use the types of wagtail_personalize.people.attributes.",
                id=f"{_PREFIX}.E009",
            )
    for name, number in Counter(attribute.name for attribute in _attributes(declaration)).items():
        if number > 1:
            yield Error(
                f"{_name(declaration)} declares the attribute '{name}' {number} times.",
                hint="Give each attribute a name of its own; several may have the same path.",
                id=f"{_PREFIX}.E010",
            )


def _check_directory(declaration: ProfileDeclaration) -> Iterator[CheckMessage]:
    for name in declaration.directory:
        attribute = next((a for a in _attributes(declaration) if a.name == name), None)
        if not isinstance(attribute, Choice | Link | Many | Tree | YesNo) or not attribute.visible:
            yield Error(
                f"The people directory cannot be filtered by '{name}'.",
                hint="Let directory name visible attributes of the types Choice, Link, Many, Tree and YesNo.",
                id=f"{_PREFIX}.E011",
            )
