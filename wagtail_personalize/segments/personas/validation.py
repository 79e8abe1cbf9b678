"""What an invented person may be given: declared attributes, with values that somebody could have."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field
from django.utils.translation import gettext as _

from wagtail_personalize.people.attributes import Attribute
from wagtail_personalize.people.declaration import ProfileDeclaration, get_declaration

from ..rules.operators import Shape
from ..rules.schema import shorten
from ..rules.shapes import problems_of_value
from ..rules.targets import target
from .facts import as_list, linked_objects, source_of

_SHAPES = {
    "text": Shape.TEXT,
    "choice": Shape.TEXT,
    "number": Shape.NUMBER,
    "date": Shape.DATE,
    "yes_no": Shape.BOOLEAN,
    "link": Shape.KEY,
    "tree": Shape.KEY,
    "many": Shape.KEYS,
}


def refuse_impossible_values(values: Any) -> None:
    """Raise ``ValidationError`` with a sentence for everything that is wrong with the values of an invented person."""
    if sentences := list(problems_of_values(values)):
        raise ValidationError({"values": sentences})


def problems_of_values(values: Any) -> Iterator[str]:
    """Sentences for an editor; each begins with the attribute that it is about."""
    declaration = get_declaration()
    if not isinstance(values, dict):
        yield _("The values of a person are given by attribute.")
    elif declaration is None:
        yield _("This site has not declared its profiles yet, so invented people cannot have values.")
    else:
        for name, value in values.items():
            yield from _problems_of(declaration, name, value)


def _problems_of(declaration: ProfileDeclaration, name: str, value: Any) -> Iterator[str]:
    attribute = declaration.get(name)
    if attribute is None:
        yield _("There is no attribute “%(name)s”. Choose another one.") % {"name": shorten(name)}
    elif source := source_of(declaration, attribute):
        yield _("%(attribute)s follows from %(source)s. Leave it out.") % {
            "attribute": attribute.label,
            "source": source.label,
        }
    else:
        for sentence in _problems_of_value(declaration, attribute, value):
            yield f"{attribute.label}: {sentence}"


def _problems_of_value(declaration: ProfileDeclaration, attribute: Attribute, value: Any) -> Iterator[str]:
    field = target(declaration, attribute).field
    found = list(problems_of_value(_SHAPES[attribute.kind], {"value": value}))
    if found:
        yield from found
    elif attribute.kind == "number" and not _fits(field, value):
        yield _("Nobody can have this number.")
    elif field.is_relation:
        known = {str(getattr(each, attribute.key)) for each in linked_objects(declaration, attribute, as_list(value))}
        for key in as_list(value):
            if str(key) not in known:
                yield _("“%(name)s” does not exist.") % {"name": shorten(key)}


def _fits(field: Field, number: int | float) -> bool:
    """Can the column hold exactly this number?"""
    try:
        return field.clean(number, None) == number
    except (ValidationError, TypeError):
        return False
