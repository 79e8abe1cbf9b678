"""The words between whoever has numbers and whoever may tell them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.utils.translation import gettext_lazy as _


class Reason(Enum):
    """Why a number is withheld; its value is the sentence that people read in its place."""

    TOO_FEW = _("too few people")
    ALL_OR_NONE = _("too few people to tell all or none")
    #: Too few people in another group could be worked out from it.
    COMPLEMENT = _("withheld to protect a small group")
    OPEN = _("told when the time is over: the group is small")
    NOT_AUDITED = _("not checked yet whether this group can be told apart")
    PRESET = _("not told here, as agreed")
    UNKNOWN = _("unknown")

    @property
    def sentence(self) -> str:
        return str(self.value)


@dataclass(frozen=True)
class Shown:
    """A number that may be told."""

    value: Any


@dataclass(frozen=True)
class Withheld:
    """A number that may not be told, and why."""

    reason: Reason


class Kind(Enum):
    """What a number counts, and so how it can point at people."""

    #: How many people a content was meant for; no behaviour.
    SIZE = "size"
    #: Distinct people who did something: they and those who did not are groups.
    PEOPLE = "people"
    #: How often something was done; told rounded, so that no sum gives away what is missing in it.
    ACTIONS = "actions"
    #: A median or the like, of at least so many.
    AVERAGE = "average"


@dataclass(frozen=True)
class Measure:
    """One number of a family. ``of`` names the people whose number must be told before this one may be.

    ``inside`` names numbers of people who all did this, too: they and the difference are groups.
    """

    name: str
    kind: Kind
    of: str = ""
    inside: tuple[str, ...] = ()
    #: For ``AVERAGE``: the number of values it is made of.
    made_of: str = ""


@dataclass(frozen=True)
class Family:
    """The numbers of one content in one span of time: for each group, and each measure by its name.

    All groups together, as whoever sees two of them can subtract.
    """

    numbers: Mapping[int, Mapping[str, int | None]]
    is_closed: bool = True
