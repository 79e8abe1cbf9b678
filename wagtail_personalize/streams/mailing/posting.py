"""Handing a message to the mail server, and what its answer means.

``REFUSED`` and ``LATER`` are only ever said when the server cannot have taken the message: it answered so, or the
connection broke before the text of the message was begun. Everything else is ``UNCLEAR``.
"""

import smtplib
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.core import mail
from django.core.mail import EmailMessage

#: Seconds, where the site sets no limit itself: nobody waits for ever.
TIMEOUT = 30


class Outcome(Enum):
    TAKEN, LATER, REFUSED, UNCLEAR = range(4)


@dataclass(frozen=True)
class Answer:
    outcome: Outcome
    said: str = ""


class Post:
    """One connection for many messages; opened when it is needed, and anew after a failure."""

    def __init__(self) -> None:
        self._connection = _connection()
        self._is_open = False
        #: Whether the text of the message has begun to leave; ``None`` where that cannot be known.
        self._begun: bool | None = None

    def __enter__(self) -> "Post":
        return self

    def __exit__(self, *error: Any) -> None:
        self._close()

    def open(self) -> Answer | None:
        """Be connected; an answer says why that was not possible."""
        if self._is_open:
            return None
        try:
            self._connection.open()
        except Exception as error:
            self._close()
            return Answer(Outcome.LATER, _said(error))
        self._is_open = True
        self._watch()
        return None

    def send(self, message: EmailMessage) -> Answer:
        """Send one message over the open connection."""
        self._begun = False if self._is_watched else None
        try:
            taken = self._connection.send_messages([message])
        except Exception as error:
            self._close()
            return Answer(_judge(error, self._begun), _said(error))
        if taken == 0:
            return Answer(Outcome.LATER, "The mail backend did not take it.")
        return Answer(Outcome.TAKEN)

    def _watch(self) -> None:
        """Notice when the text begins to leave; that can be seen with Python's own SMTP only."""
        smtp = getattr(self._connection, "connection", None)
        self._is_watched = isinstance(smtp, smtplib.SMTP)
        if self._is_watched:
            smtp.data = self._noting(smtp.data)

    def _noting(self, data: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def noting(text: Any) -> Any:
            self._begun = True
            return data(text)

        return noting

    def _close(self) -> None:
        self._is_open = False
        try:
            self._connection.close()
        except Exception:  # it is of no use any more, whatever it says
            self._connection = _connection()


def _connection() -> Any:
    """The site's mail backend, in the way of its version of Django."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        connection = mail.mailers.default if hasattr(mail, "mailers") else mail.get_connection()
    if getattr(connection, "timeout", TIMEOUT) is None:
        connection.timeout = TIMEOUT
    return connection


def _judge(error: Exception, begun: bool | None) -> Outcome:
    codes = _codes(error)
    if codes:
        return Outcome.LATER if min(codes) < 500 else Outcome.REFUSED
    if begun is False:
        return Outcome.LATER if isinstance(error, OSError) else Outcome.REFUSED
    return Outcome.UNCLEAR


def _codes(error: Exception) -> list[int]:
    """The codes with which an SMTP server refused something."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        found = [code for code, _text in error.recipients.values()]
    else:
        found = [getattr(error, "smtp_code", 0)]
    return [code for code in found if 400 <= code < 600]


def _said(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())
