"""Which placeholders a site has: they follow from its profile declaration."""

from wagtail_personalize.people.attributes import Attribute, Date
from wagtail_personalize.people.declaration import NAME_PREFIX, ProfileDeclaration, get_declaration

#: The full name of the reader, and of the reader's manager.
NAME, MANAGER = "name", "manager"
#: Before the name of a date: how many days have passed since.
DAYS_SINCE = "days_since_"


def known_names() -> list[str]:
    """All placeholders that mean something here, in the order in which editors are told of them."""
    declaration = get_declaration()
    return [NAME] if declaration is None else list(dict.fromkeys(_names(declaration)))


def attribute_called(name: str) -> Attribute | None:
    """The declared attribute, or part of the person's name, behind a placeholder."""
    declaration = get_declaration()
    if declaration is None:
        return None
    parts = {attribute.label: attribute for attribute in declaration.name_attributes}
    return parts.get(name) or declaration.get(name)


def date_called(name: str) -> Date | None:
    """The declared date behind ``days_since_…``; a birthday without its year has no such day."""
    attribute = attribute_called(name.removeprefix(DAYS_SINCE)) if name.startswith(DAYS_SINCE) else None
    return attribute if isinstance(attribute, Date) and not attribute.yearless else None


def is_own_name(attribute: Attribute) -> bool:
    return attribute.name.startswith(NAME_PREFIX)


def _names(declaration: ProfileDeclaration) -> list[str]:
    names = [*(attribute.label for attribute in declaration.name_attributes), NAME]
    names += [MANAGER] if declaration.manager_path else []
    names += [attribute.name for attribute in declaration.attributes]
    return names + [f"{DAYS_SINCE}{a.name}" for a in declaration.attributes if date_called(f"{DAYS_SINCE}{a.name}")]
