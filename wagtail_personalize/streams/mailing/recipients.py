"""To whom a mail goes: address, language, time zone and what they chose, as it is when the mail leaves."""

from dataclasses import dataclass
from datetime import time
from typing import Any

from django.contrib.auth import get_user_model

from wagtail_personalize.people.language import language_of, with_language

from .local_time import Hours, usual_quiet_hours, with_zone
from .models import Digest, MailChoice


@dataclass(frozen=True)
class Recipient:
    person: Any
    address: str
    language: str
    zone: str
    choice: MailChoice

    @property
    def quiet_hours(self) -> Hours | None:
        """Their own, else the usual ones. From and until the same time means none."""
        own: tuple[time | None, time | None] = (self.choice.quiet_from, self.choice.quiet_until)
        return own if None not in own else usual_quiet_hours()

    @property
    def wants_digest(self) -> bool:
        return self.choice.digest != Digest.OFF


def recipient_with(person_id: Any) -> Recipient | None:
    """Two queries; ``None`` for somebody who is gone."""
    person = with_language(with_zone(get_user_model()._default_manager.filter(pk=person_id))).first()
    if person is None:
        return None
    choice = MailChoice.objects.filter(person=person_id).first() or MailChoice(person_id=person_id)
    return Recipient(person, _address(person), language_of(person), person.mail_zone, choice)


def _address(person: Any) -> str:
    """Empty for a user model without one."""
    field = getattr(person, "get_email_field_name", lambda: "email")()
    return str(getattr(person, field, "") or "").strip()
