"""A worker: claims some mails, asks for each what it may say now, and sends it.

It may be killed at any moment. What it has not begun is sent by another one when its lease is over; the one mail that
it was sending is parked as unclear.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from wagtail_personalize.segments.refresh import ensure_today

from . import leasing
from .clicks import tell_accepted
from .contents import Concern, Contents, contents_of
from .leasing import claim, park_lapsed, released
from .letters import letter
from .local_time import first_chance
from .models import OutgoingMail
from .outbox import is_urgent
from .posting import Answer, Outcome, Post
from .recipients import Recipient, recipient_with

#: So many mails go over one connection.
BATCH = 50

logger = logging.getLogger(__name__)


def send_due(number: int = BATCH, stopped: Callable[[], bool] = lambda: False) -> int:
    """Handle at most so many mails that are due; returns how many were claimed, 0 when nothing is due."""
    park_lapsed()
    mails = claim(number)
    if not mails:
        return 0
    ensure_today()
    waiting, concern = list(mails), Concern()
    with Post() as post:
        while waiting and not stopped():
            _handle(waiting.pop(0), concern, post)
    released(waiting)
    return len(mails)


def send_all(stopped: Callable[[], bool] = lambda: False) -> int:
    """Until nothing is due; returns how many mails were handled."""
    handled = 0
    while not stopped() and (number := send_due(stopped=stopped)):
        handled += number
    return handled


def _handle(mail: OutgoingMail, concern: Concern, post: Post) -> None:
    """Nothing that is wrong with one mail keeps the others from leaving."""
    try:
        recipient = recipient_with(mail.person_id)
        until = _asleep_until(mail, recipient)
        if until is not None:
            leasing.postponed(mail, until)
            return
        contents = contents_of(mail, recipient, concern)
        if contents.reason:
            leasing.dropped(mail, contents.reason)
            return
        message = letter(mail, recipient, contents)
    except Exception as error:
        logger.exception("E-mail %s could not be written.", mail.key)
        leasing.later(mail, f"Not written: {type(error).__name__}: {error}", begun=False)
        return
    _send(mail, message, contents, post)


def _asleep_until(mail: OutgoingMail, recipient: Recipient | None) -> datetime | None:
    """When the person may be written to, unless that is now."""
    if recipient is None or (mail.notice is not None and is_urgent(mail.notice)):
        return None
    now = timezone.now()
    until = first_chance(now, recipient.zone, recipient.quiet_hours)
    return until if until > now else None


def _send(mail: OutgoingMail, message: EmailMultiAlternatives, contents: Contents, post: Post) -> None:
    problem = post.open()
    if problem is not None:
        leasing.later(mail, problem.said, begun=False)
        return
    if leasing.begin(mail, contents.notice_ids):
        _note(mail, post.send(message))
    else:
        released([mail])


def _note(mail: OutgoingMail, answer: Answer) -> None:
    match answer.outcome:
        case Outcome.TAKEN:
            leasing.sent(mail)
            tell_accepted(mail)
        case Outcome.LATER:
            leasing.later(mail, answer.said, begun=True)
        case Outcome.REFUSED:
            leasing.refused(mail, answer.said)
        case Outcome.UNCLEAR:
            leasing.unclear(mail, answer.said)
