"""What goes into the count: one thing that one person did with one content, while the person is still known."""

from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.utils import timezone

from wagtail_personalize.people.folding import fold

from ..kinds import Kind
from ..models import Content


class Counted(NamedTuple):
    """A content by its natural key; see ``Content.Type`` for what the key is."""

    type: str
    key: str = ""

    @classmethod
    def page(cls, translation_key: UUID | str) -> "Counted":
        return cls(Content.Type.PAGE, str(translation_key))

    @classmethod
    def section(cls, translation_key: UUID | str) -> "Counted":
        return cls(Content.Type.SECTION, str(translation_key))

    @classmethod
    def document(cls, pk: Any) -> "Counted":
        return cls(Content.Type.DOCUMENT, str(pk))

    @classmethod
    def search(cls, words: str) -> "Counted":
        """Searches for the same words, however they are written, are one content."""
        return cls(Content.Type.SEARCH, sha256(" ".join(fold(words).split()).encode()).hexdigest())

    @classmethod
    def mailing(cls, name: str) -> "Counted":
        """Digests, or the e-mails of one event."""
        return cls(Content.Type.MAILING, name[:64])


SITE = Counted(Content.Type.SITE)


@dataclass(frozen=True)
class Happened:
    """``token`` names the event for ever: told again with the same one, it is a duplicate. ``load`` is the same for
    all that belongs to one view of one content; give none to whatever should not be joined.
    """

    person: Any
    content: Counted
    kind: Kind
    at: datetime = field(default_factory=timezone.now)
    value: int | None = None
    token: str = field(default_factory=lambda: uuid4().hex)
    load: str = ""
    channel: str = ""
    #: What the content is called, in case it is counted for the first time.
    label: str = ""

    @property
    def day(self) -> date:
        """The local day of the site, whatever time zone a request has activated."""
        return timezone.localdate(self.at, timezone.get_default_timezone())
