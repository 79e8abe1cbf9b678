"""The message itself: in the person's language and time zone, as plain text and as simple HTML with the same words."""

import re
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language_bidi, ngettext, override
from django.utils.translation import gettext as _

from wagtail_personalize.people.names import person_name

from ..notifications.events import Told
from .addresses import DIGEST, full, host_of, site_address, token_for
from .clicks import link_to
from .contents import Contents
from .local_time import zone
from .models import OutgoingMail
from .recipients import Recipient

LONGEST_SUBJECT = 120
_TEMPLATES = "wagtail_personalize/streams/mail/"
_NOT_PRINTED = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")


def letter(mail: OutgoingMail, recipient: Recipient, contents: Contents) -> EmailMultiAlternatives:
    """Ready to be sent; fails here rather than at the mail server when it cannot be written."""
    with override(recipient.language), timezone.override(zone(recipient.zone)):
        base = site_address()
        context = _context(mail, recipient, contents, base)
        message = EmailMultiAlternatives(
            subject=context["subject"],
            body=render_to_string(f"{_TEMPLATES}mail.txt", context),
            to=[recipient.address],
            headers=_headers(mail, context["unsubscribe_url"], base),
        )
        message.attach_alternative(render_to_string(f"{_TEMPLATES}mail.html", context), "text/html")
    message.message()
    return message


def subject_of(contents: Contents, is_digest: bool) -> str:
    """One line whatever a title contains: “3 new items for you: …”."""
    first = one_line(contents.items[0].title)
    if is_digest:
        number = len(contents.items) + contents.more
        words = ngettext("%(number)d new item for you: %(title)s", "%(number)d new items for you: %(title)s", number)
        line = words % {"number": number, "title": first}
    else:
        line = _("%(what)s: %(title)s") % {"what": contents.items[0].sentence, "title": first}
    line = one_line(line)
    return line if len(line) <= LONGEST_SUBJECT else f"{line[: LONGEST_SUBJECT - 1].rstrip()}…"


def one_line(text: str) -> str:
    return _NOT_PRINTED.sub(" ", str(text)).strip()


def _context(mail: OutgoingMail, recipient: Recipient, contents: Contents, base: str) -> dict[str, Any]:
    is_digest = mail.notice_id is None
    token = token_for(recipient.person.pk, DIGEST if is_digest else mail.notice.event)
    return {
        "subject": subject_of(contents, is_digest),
        "is_digest": is_digest,
        "name": one_line(person_name(recipient.person)),
        "language": recipient.language,
        "direction": "rtl" if get_language_bidi() else "ltr",
        "items": [_item(told, mail, base) for told in contents.items],
        "more": contents.more,
        "list_url": full(base, "notifications"),
        "preferences_url": full(base, "notification_preferences"),
        "unsubscribe_url": full(base, "unsubscribe", token),
    }


def _item(told: Told, mail: OutgoingMail, base: str) -> dict[str, Any]:
    url = link_to(told, mail, base)
    return {
        "sentence": one_line(told.sentence),
        "title": one_line(told.title),
        "text": one_line(told.notice.text),
        "url": base + url if url and url.startswith("/") else url or base,
        "at": told.notice.at,
    }


def _headers(mail: OutgoingMail, unsubscribe_url: str, base: str) -> dict[str, str]:
    """The Message-ID is the same at each attempt, so that a mail server or reader can tell a repetition."""
    headers = {
        "Message-ID": f"<{mail.key.replace(':', '.')}@{host_of(base)}>",
        "Auto-Submitted": "auto-generated",
    }
    if unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers
