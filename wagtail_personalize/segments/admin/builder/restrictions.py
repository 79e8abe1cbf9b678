"""What an editor without the permission ``view_members`` may not ask about: birthdays and what people say themselves.

Such a condition, together with a size that changes, would tell about one person. It counts also when it comes by way
of a segment that the rule names.
"""

from typing import Any

from django.utils.translation import gettext as _

from wagtail_personalize.people.attributes import Attribute
from wagtail_personalize.people.declaration import get_declaration

from ...rules.dependencies import dependencies


def is_personal(attribute: Attribute) -> bool:
    """Is it a birthday, or told by people themselves?"""
    return attribute.source == "self" or getattr(attribute, "yearless", False)


def personal_attributes() -> list[Attribute]:
    """The declared attributes that need the permission."""
    declaration = get_declaration()
    return [attribute for attribute in declaration.attributes if is_personal(attribute)] if declaration else []


def asks_about_personal(rule: Any) -> bool:
    """Does the rule, or a segment that it names, ask about something that needs the permission?"""
    found = dependencies(rule)
    return found.self_chosen or any(attribute.name in found.mentions for attribute in personal_attributes())


def refusal() -> str:
    """Why such a rule is not counted or saved, said to an editor."""
    return _(
        "This rule asks about birthdays or about what people say about themselves. Only editors who may see the members"
        " of segments can use such conditions."
    )
