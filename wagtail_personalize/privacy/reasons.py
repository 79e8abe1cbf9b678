"""A statement about a person, whether it holds, and what it rests on: the shape of every explanation."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _


@dataclass
class Reason:
    """One statement of a tree. ``holds`` is ``None`` where nothing can be said, as for a rule that is broken.

    ``value`` is what the person has in truth, ``origin`` who set it and when, ``note`` says what else is to be known.
    """

    text: str
    holds: bool | None
    value: str = ""
    origin: str = ""
    note: str = ""
    parts: list["Reason"] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        """``holds`` in a word."""
        return _("cannot be said") if self.holds is None else _("yes") if self.holds else _("no")

    def as_dict(self) -> dict[str, Any]:
        """For a file; what is empty is left out."""
        told = {"statement": self.text, "holds": self.holds}
        told |= {name: text for name in ("value", "origin", "note") if (text := getattr(self, name))}
        return told | ({"because": [part.as_dict() for part in self.parts]} if self.parts else {})
