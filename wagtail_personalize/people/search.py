"""Finding people by name, and by the texts that colleagues may see, with case and accents folded.

Only the declared profiles have their texts folded; other models (users, a profile that is not declared) are searched
as the database compares.
"""

from django.db.models import F, Q, QuerySet
from django.db.models.lookups import In

from .attributes import Attribute, Choice, Text
from .declaration import get_declaration
from .exact import ExactText
from .folding import fold
from .models import FoldedValue
from .names import name_fields

#: More words than anybody types; the rest of a longer question is ignored.
MOST_WORDS = 8
#: SQLite refuses to look for a very long word.
LONGEST_TEXT = 200


def find_by_name(profiles: QuerySet, text: str) -> QuerySet:
    """Those of ``profiles`` whose names contain every word of ``text``."""
    declaration = get_declaration()
    if declaration and issubclass(profiles.model, declaration.profile_model):
        return _find(profiles, text, declaration.name_attributes)
    user_model = profiles.model._meta.get_field("user").related_model
    return find_in(profiles, text, [f"user__{name}" for name in name_fields(user_model)])


def find_in(objects: QuerySet, text: str, paths: list[str]) -> QuerySet:
    """Those of ``objects`` that have every word of ``text`` in one of the fields, as the database compares."""
    for word in text[:LONGEST_TEXT].replace("\0", " ").split()[:MOST_WORDS]:
        anywhere = Q()
        for path in paths:
            anywhere |= Q(**{f"{path}__icontains": word})
        objects = objects.filter(anywhere)
    return objects


def find_people(profiles: QuerySet, text: str) -> QuerySet:
    """Those of ``profiles`` whose names or visible texts contain every word of ``text``."""
    declaration = get_declaration()
    visible = [a for a in declaration.attributes if isinstance(a, Text | Choice) and a.visible]
    return _find(profiles, text, [*declaration.name_attributes, *visible])


def _find(profiles: QuerySet, text: str, attributes: list[Attribute]) -> QuerySet:
    for word in fold(text[:LONGEST_TEXT]).split()[:MOST_WORDS]:
        anywhere = Q()
        for attribute in attributes:
            known = FoldedValue.objects.filter(attribute=attribute.name, folded__contains=word)
            texts = known.values_list(ExactText(F("value")))
            anywhere |= Q(In(ExactText(F(attribute.path)), texts.query))
        profiles = profiles.filter(anywhere)
    return profiles
