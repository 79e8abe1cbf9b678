"""Does an attribute fit the models, and may it be kept at all?"""

from collections.abc import Iterator
from typing import get_args

from django.core.checks import CheckMessage, Error
from django.core.exceptions import FieldDoesNotExist
from django.db.models import BooleanField, CharField, DateField, DecimalField, FloatField, IntegerField, TextField

from wagtail_personalize.conf import get_settings

from .attributes import RESERVED_NAMES, Attribute, Choice, Date, Link, Many, Number, Source, Text, Tree, YesNo
from .declaration import ProfileDeclaration
from .paths import Hop, PathField, hops
from .special_categories import special_category

_PREFIX = "personalize_people"
_PLAIN_FIELDS = {
    Text: (CharField, TextField),
    Choice: (CharField, TextField, IntegerField),
    Number: (IntegerField, FloatField, DecimalField),
    Date: (DateField,),
    YesNo: (BooleanField,),
    Many: (CharField, TextField),
}


def check_attribute(declaration: ProfileDeclaration, attribute: Attribute) -> Iterator[CheckMessage]:
    """Everything that can be wrong in one attribute."""
    yield from _check_name(attribute)
    yield from _check_source(attribute)
    yield from _check_category(attribute)
    try:
        path = hops(declaration.profile_model, attribute.path)
    except FieldDoesNotExist as error:
        yield _error(
            attribute,
            f"has the path '{attribute.path}', which leads nowhere: {error}",
            f"Correct the path; it starts at {declaration.profile_model._meta.label}.",
            "E014",
        )
        return
    yield from _check_kind(attribute, path)


def _error(attribute: Attribute, what: str, hint: str, number: str) -> CheckMessage:
    return Error(f"The attribute '{attribute.name}' {what}", hint=hint, id=f"{_PREFIX}.{number}")


def _check_name(attribute: Attribute) -> Iterator[CheckMessage]:
    name = attribute.name
    if name in RESERVED_NAMES:
        yield _error(attribute, "has a name that rules use for something else.", "Give it another name.", "E012")
    elif not name.isidentifier() or name.startswith("_") or "__" in name or len(name) > 100:
        yield _error(
            attribute,
            "has a name that rules and forms cannot use.",
            "Use letters, digits and single underscores, not more than 100, and no digit or underscore at the start.",
            "E012",
        )
    if not attribute.label:
        yield _error(attribute, "has no label.", "Give the label that editors and colleagues read.", "E012")


def _check_source(attribute: Attribute) -> Iterator[CheckMessage]:
    if attribute.source not in get_args(Source):
        known = ", ".join(f"'{source}'" for source in get_args(Source))
        yield _error(attribute, f"has the unknown source '{attribute.source}'.", f"Use one of {known}.", "E013")


def _check_category(attribute: Attribute) -> Iterator[CheckMessage]:
    category = special_category(attribute)
    if category and not get_settings().SENSITIVE_ATTRIBUTES.get(attribute.name, "").strip():
        yield _error(
            attribute,
            f"sounds like a special category of personal data ({category}), which must not decide what people see.",
            "Remove it, or name the reason why it is needed: "
            f"WAGTAIL_PERSONALIZE['SENSITIVE_ATTRIBUTES'] = {{'{attribute.name}': '…'}}.",
            "E018",
        )


def _check_kind(attribute: Attribute, path: list[Hop]) -> Iterator[CheckMessage]:
    many, field = any(hop.many for hop in path), getattr(path[-1].field, "output_field", path[-1].field)
    if isinstance(attribute, Many) and not many:
        yield _error(attribute, "is declared as Many, but its path holds one value only.", "Use Link or Text.", "E015")
    elif many and not isinstance(attribute, Many):
        yield _error(attribute, "has a path over several objects.", "Declare it as Many.", "E015")
    elif field.is_relation and isinstance(attribute, Link | Tree | Many):
        yield from _check_relation(attribute, field)
    elif field.is_relation or not isinstance(field, _PLAIN_FIELDS.get(type(attribute), ())):
        kind = type(attribute).__name__
        yield _error(
            attribute,
            f"is declared as {kind}, but its path ends at a {type(field).__name__}.",
            "Use the type that fits the field: text is Text or Choice, a number Number, a date Date, a boolean YesNo, "
            "a foreign key Link or Tree, a many-to-many relation Many.",
            "E015",
        )


def _check_relation(attribute: Link | Tree | Many, field: PathField) -> Iterator[CheckMessage]:
    target = field.related_model
    if target is None:
        yield _error(attribute, "ends at a generic relation.", "Use a plain foreign key.", "E015")
        return
    if attribute.key != "pk" and not _is_unique(target, attribute.key):
        yield _error(
            attribute,
            f"names '{attribute.key}' as its key, but {target._meta.label} has no unique field of that name.",
            "Let key name a unique field, or leave it out.",
            "E016",
        )
    if isinstance(attribute, Tree) and not (hasattr(target, "steplen") or _is_parent(target, attribute.parent)):
        yield _error(
            attribute,
            f"is a Tree, but {target._meta.label} has no foreign key '{attribute.parent}' to itself.",
            "Let parent name the foreign key to the node above, or declare the attribute as Link.",
            "E017",
        )


def _is_unique(model: type, name: str) -> bool:
    try:
        return bool(getattr(model._meta.get_field(name), "unique", False))
    except FieldDoesNotExist:
        return False


def _is_parent(model: type, name: str) -> bool:
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return bool(field.many_to_one) and field.related_model._meta.concrete_model is model._meta.concrete_model
