"""Do the parts of a declaration fit that lists of colleagues are made of?"""

from collections.abc import Iterator

from django.core.checks import CheckMessage, Error

from ..attributes import Attribute, Choice, Date, Link, Many, Text, Tree
from ..declaration import ProfileDeclaration


def check_appearing(declaration: ProfileDeclaration) -> Iterator[CheckMessage]:
    """``hired``, ``birthday`` and ``in_common``."""
    known = {attribute.name: attribute for attribute in declaration.attributes if isinstance(attribute, Attribute)}
    hired, birthday = known.get(declaration.hired or ""), known.get(declaration.birthday or "")
    if declaration.hired and not (isinstance(hired, Date) and hired.visible and not hired.yearless):
        yield _error("hired", declaration.hired, "a visible attribute of the type Date, with its year")
    if declaration.birthday and not isinstance(birthday, Date):
        yield _error("birthday", declaration.birthday, "an attribute of the type Date")
    for name in declaration.in_common:
        attribute = known.get(name)
        shared = isinstance(attribute, Choice | Link | Many | Text | Tree) or name == declaration.hired
        if not (attribute and attribute.visible and shared):
            yield _error(
                "in_common", name, "visible attributes of the types Choice, Link, Many, Text and Tree, and hired"
            )


def _error(part: str, name: str, expected: str) -> CheckMessage:
    return Error(
        f"Lists of colleagues cannot use '{name}' as {part}.",
        hint=f"Let {part} name {expected}.",
        id="personalize_people.E023",
    )
