"""What a page shows of a person: computed here, so that templates only lay it out."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Model
from django.urls import reverse

from ..attributes import Attribute
from ..declaration import get_declaration
from ..loading import PHOTO, has_photos
from ..names import person_name
from ..values import display_value

#: How many colours there are for initials.
_TONES = 8


@dataclass(frozen=True)
class Line:
    """One attribute of a person, as people read it."""

    attribute: Attribute
    value: str


@dataclass
class PersonCard:
    """A person in a list or on a page; ``lines`` are attributes that have a value."""

    profile: Model
    user: Any
    attributes: list[Attribute] = field(default_factory=list)

    @cached_property
    def name(self) -> str:
        return person_name(self.user)

    @property
    def url(self) -> str:
        return reverse("wagtail_personalize:person", args=[self.user.pk])

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words)).upper()

    @property
    def tone(self) -> int:
        """A number that picks the colour behind the initials, always the same for a person."""
        return sum(self.name.encode()) % _TONES

    @cached_property
    def photo_url(self) -> str:
        """The address of the photo, or nothing when there is none or its file is lost."""
        photo = getattr(self.profile, get_declaration().photo) if has_photos() else None
        if photo is None:
            return ""
        from wagtail.images.exceptions import InvalidFilterSpecError
        from wagtail.images.models import SourceImageIOError

        try:
            return photo.get_rendition(PHOTO).url
        except (InvalidFilterSpecError, OSError, SourceImageIOError):
            return ""

    @cached_property
    def lines(self) -> list[Line]:
        shown = (Line(attribute, display_value(self.profile, attribute)) for attribute in self.attributes)
        return [line for line in shown if line.value]

    @property
    def missing(self) -> list[Attribute]:
        """Those of ``attributes`` that are still empty."""
        filled = {line.attribute.name for line in self.lines}
        return [attribute for attribute in self.attributes if attribute.name not in filled]


def card(profile: Model, attributes: list[Attribute]) -> PersonCard:
    """The card of a profile with these attributes."""
    return PersonCard(profile, getattr(profile, get_declaration().user), attributes)
