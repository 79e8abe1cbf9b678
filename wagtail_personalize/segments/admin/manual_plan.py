"""What a list of people makes of the lists of a segment: worked out for the preview, written in one transaction."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from ..impact import Impact, impact
from ..list_changes import Lists
from ..manual import change_lists
from ..models import ManualMember, Segment
from ..rules.broken import BrokenRule
from .log_actions import SEGMENT_CHANGED

Always = ManualMember.Always


class Mode(models.TextChoices):
    """What becomes of who is on the list already."""

    ADD = "add", gettext_lazy("Add these people to the list")
    REPLACE = "replace", gettext_lazy("Make the list be exactly these people")
    REMOVE = "remove", gettext_lazy("Take these people off the list")


@dataclass(frozen=True)
class Plan:
    """Keys of users: who gets on the list ``always`` and who gets off; ``stored`` says on which list people are now."""

    segment: Segment
    always: str
    stored: Mapping[Any, str]
    added: Sequence[Any]
    removed: Sequence[Any]
    unchanged: int

    @property
    def heading(self) -> str:
        """Which list it is about."""
        if self.always == Always.INCLUDE:
            return _("People who are always in “%(name)s”") % {"name": self.segment.name}
        return _("People who are never in “%(name)s”") % {"name": self.segment.name}

    @property
    def changes(self) -> bool:
        """Is there anything to do?"""
        return bool(self.added or self.removed)

    @cached_property
    def moved(self) -> list[Any]:
        """Who of those added is on the other list now."""
        return [person for person in self.added if person in self.stored]

    @cached_property
    def impact(self) -> Impact | None:
        """Who joins and leaves, and what that touches; ``None`` for a segment that nobody is in anyway."""
        if not self.segment.live or self.segment.broken:
            return None
        try:
            return impact(self.segment, self.segment.rule, *self._lists_afterwards())
        except BrokenRule:
            return None

    @property
    def digest(self) -> str:
        """Tells whether what is to be done, and comes of it, is still what the editor saw."""
        figures = [self.impact.own.joins, self.impact.own.leaves] if self.impact else []
        parts = [self.always, *self.added, "-", *self.moved, "-", *self.removed, "-", *figures]
        return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()

    def apply(self, user: Any) -> None:
        """Write it, with the memberships that follow and an entry in the history of the segment."""
        with transaction.atomic():
            change_lists(self.segment, self.always, self.added, self.removed)
            log(self.segment, SEGMENT_CHANGED, user=user, data=self._data())

    def _data(self) -> dict[str, dict[str, int]]:
        mine, other = ("included", "excluded") if self.always == Always.INCLUDE else ("excluded", "included")
        data = {mine: {"added": len(self.added), "removed": len(self.removed)}}
        return data | ({other: {"added": 0, "removed": len(self.moved)}} if self.moved else {})

    def _lists_afterwards(self) -> Lists:
        after = {**self.stored, **dict.fromkeys(self.added, self.always)}
        for person in self.removed:
            del after[person]
        included = [str(person) for person, always in after.items() if always == Always.INCLUDE]
        return included, [str(person) for person, always in after.items() if always == Always.EXCLUDE]


def planned(segment: Segment, people: Sequence[Any], always: str, mode: str) -> Plan:
    """What ``mode`` means for these people, as the lists stand now."""
    rows = ManualMember.objects.filter(segment=segment).order_by("pk")
    stored = dict(rows.values_list("person", "always"))
    on_list = [person for person, of_list in stored.items() if of_list == always]
    given = set(people)
    if mode == Mode.REMOVE:
        removed = [person for person in on_list if person in given]
        return Plan(segment, always, stored, [], removed, len(given) - len(removed))
    added = [person for person in people if stored.get(person) != always]
    removed = [person for person in on_list if person not in given] if mode == Mode.REPLACE else []
    return Plan(segment, always, stored, added, removed, len(given) - len(added))
