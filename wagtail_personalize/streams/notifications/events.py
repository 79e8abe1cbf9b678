"""What people can be told about, and the contract that another room or the site fulfils for an event of its own.

    @register_event
    class Mentioned(Event):
        name, label, description = "mentioned", _("Somebody mentions me"), _("In a comment.")

        def people(self, notice): ...          # the users whom it is for; who may not see it stays out
        def shown(self, notices, viewer): ...  # those of these notices that the viewer may see

Then ``tell("mentioned", key, …)`` makes a notice (``telling.py``), and everything else follows: who wants it how is a
matter of preferences, the rows are written in sets, and the bell, the lists and the mails ask ``shown``.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from django.db.models import QuerySet
from wagtail.models import Page

from wagtail_personalize.segments.viewer import Viewer

from .models import Mail, Notice


@dataclass(frozen=True)
class Told:
    """A notice as one viewer may see it."""

    notice: Notice
    #: What happened, in a few words.
    sentence: str
    #: What it is about, and where that is.
    title: str
    url: str
    page: Page | None = None


class Event(ABC):
    """Something that happens. Both methods take what they need in a fixed number of queries."""

    name: ClassVar[str] = ""
    label: ClassVar[Any] = ""
    description: ClassVar[Any] = ""
    icon: ClassVar[str] = "bell"
    #: Events stand in this order in the preferences.
    order: ClassVar[int] = 100
    #: What holds for who chose nothing.
    in_app: ClassVar[bool] = True
    mail: ClassVar[Mail] = Mail.DIGEST
    #: Whether people may keep it out of their bell.
    may_be_muted: ClassVar[bool] = True
    #: Whether it comes by e-mail however many there were this week, and is not counted among them.
    is_beyond_cap: ClassVar[bool] = False
    #: Whether it is left out for who was told of the same page already.
    gives_way: ClassVar[bool] = False
    #: Whether it takes the place of other unread notifications of the same page.
    replaces_others: ClassVar[bool] = False
    #: Whether who opens the page by its own address has read what they were told.
    is_read_with_page: ClassVar[bool] = False

    @abstractmethod
    def people(self, notice: Notice) -> QuerySet:
        """The users whom ``notice`` is for, once each, inside a statement; nobody who may not see what it is about."""

    @abstractmethod
    def shown(self, notices: Collection[Notice], viewer: Viewer) -> Mapping[Any, Told]:
        """By the id of the notice: those of these, all of this event, that ``viewer`` may see now."""

    def seen(self, notices: Collection[Notice], viewer: Viewer) -> set[Any]:
        """The ids of the same ones, for counting."""
        return set(self.shown(notices, viewer))


T = TypeVar("T", bound=type[Event])
_events: dict[str, Event] = {}


def register_event(event: T) -> T:
    """Let people be told of an event; usable as a decorator. Registering the same class again changes nothing."""
    new = event()
    if not (new.name and new.label and new.description) or len(new.name) > 20:
        raise ValueError(f"{event.__name__} needs a name of at most 20 letters, a label and a description.")
    if new.name in _events and type(_events[new.name]) is not event:
        raise ValueError(f"There is an event called {new.name!r} already; give {event.__name__} another name.")
    _events[new.name] = new
    return event


def events() -> list[Event]:
    """All events in order."""
    return sorted(_events.values(), key=lambda event: (event.order, event.name))


def event_called(name: str) -> Event | None:
    return _events.get(name)
