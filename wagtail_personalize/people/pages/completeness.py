"""How much of what a person may tell is told."""

from dataclasses import dataclass

from django.db.models import Model

from ..attributes import Attribute
from ..declaration import get_declaration
from ..loading import has_photos
from .cards import card
from .own_form import own_attributes


@dataclass(frozen=True)
class Completeness:
    """``filled`` of ``total`` things that a person may add; ``missing`` are the attributes still empty."""

    filled: int
    total: int
    missing: list[Attribute]
    photo_missing: bool

    @property
    def percent(self) -> int:
        return round(100 * self.filled / self.total) if self.total else 100


def completeness(profile: Model) -> Completeness:
    """What the person themself could still fill in; a photo counts where people may add one."""
    attributes = own_attributes()
    missing = card(profile, attributes).missing
    declaration = get_declaration()
    asks_photo = declaration.own_photo and has_photos()
    photo_missing = asks_photo and getattr(profile, declaration.photo) is None
    total = len(attributes) + asks_photo
    return Completeness(total - len(missing) - photo_missing, total, missing, photo_missing)
