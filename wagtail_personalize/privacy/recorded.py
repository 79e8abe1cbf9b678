"""What is recorded about a person: the registry behind the page "What is recorded about me" and the file beside it.

Each room registers sections; a site registers its own for what else it keeps::

    @register_recorded
    class Trainings(Section):
        name, title = "trainings", _("Trainings")
        purpose, retention = _("Proof of safety trainings."), _("Ten years, as the law asks.")
        models = ("academy.Training",)

        def rows(self, person):
            return [Row(training.title, said_day(training.done_on)) for training in person.trainings.all()]

``models`` claims models that point to a user. A test of the package fails when one of its models is claimed by nobody,
so nothing that is recorded can be left out.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar, TypeVar

from django.utils import formats, timezone
from django.utils.translation import ngettext

from .reasons import Reason


@dataclass(frozen=True)
class Row:
    """One thing that is recorded. ``facts`` are (label, text); ``reasons`` say why it is so."""

    title: Any
    value: Any = ""
    facts: list[tuple[Any, Any]] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)

    @property
    def told_facts(self) -> list[tuple[Any, Any]]:
        """The facts that say something."""
        return [(label, text) for label, text in self.facts if text]

    def as_dict(self) -> dict[str, Any]:
        """For the file."""
        told = {"what": str(self.title)} | ({"value": str(self.value)} if self.value else {})
        told |= {"facts": {str(label): str(text) for label, text in self.told_facts}} if self.told_facts else {}
        return told | ({"why": [reason.as_dict() for reason in self.reasons]} if self.reasons else {})


class Section(ABC):
    """One part of the page. ``purpose`` and ``retention`` are told to the person and must not be empty."""

    name: ClassVar[str] = ""
    title: ClassVar[Any] = ""
    purpose: ClassVar[Any] = ""
    legal_basis: ClassVar[Any] = ""
    retention: ClassVar[Any] = ""
    #: ``"app_label.Model"`` of each model whose rows about a person are shown here.
    models: ClassVar[Iterable[str]] = ()
    #: Sections stand in this order.
    order: ClassVar[int] = 100
    #: Name of the address where people decide about it themselves, and what the link to it says.
    address: ClassVar[str] = ""
    address_label: ClassVar[Any] = ""

    @abstractmethod
    def rows(self, person: Any) -> list[Row]:
        """What is recorded about this user, and about nobody else; a fixed number of queries."""


T = TypeVar("T", bound=type[Section])
_sections: dict[str, Section] = {}


def register_recorded(section: T) -> T:
    """Put a section on the page; usable as a decorator. Registering the same class again changes nothing."""
    known = section()
    if not (known.name and known.title and known.purpose and known.retention):
        raise ValueError(f"{section.__name__} needs a name, a title, a purpose and a retention that people can read.")
    if known.name in _sections and type(_sections[known.name]) is not section:
        raise ValueError(f"There is a section called {known.name!r} already; give {section.__name__} another name.")
    _sections[known.name] = known
    return section


def sections() -> list[Section]:
    """All sections in order."""
    return sorted(_sections.values(), key=lambda section: section.order)


def claimed_models() -> set[str]:
    """The labels of the models that some section shows, in lower case."""
    return {label.lower() for section in _sections.values() for label in section.models}


def said_day(moment: date | datetime | None) -> str:
    """A day, or the local day of a moment, as people read it."""
    day = timezone.localtime(moment) if isinstance(moment, datetime) and timezone.is_aware(moment) else moment
    return formats.date_format(day, "DATE_FORMAT") if day else ""


def said_months(number: int) -> str:
    """For how long something is kept."""
    return ngettext("%(number)d month.", "%(number)d months.", number) % {"number": number}


def said_moment(moment: datetime | None) -> str:
    """A day with its time."""
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT") if moment else ""
