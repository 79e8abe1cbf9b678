"""Links in mails that prove where somebody came from, so that it can be counted whether mails are of use.

Only when somebody counts (``mail_told`` is heard) a link in a mail leads by here; else it leads straight to the page.
The link holds signed ids and no address, so it leads nowhere but to the page that was told of, through that page's own
gate. A click counts for who got the mail, signed in: programs that open every link to look for viruses do not count.
"""

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import View
from wagtail.models import Page

from wagtail_personalize.hookspecs import mail_told
from wagtail_personalize.segments.viewer import viewer_for

from ..notifications.channels import came_by
from ..notifications.events import Told
from .addresses import DIGEST, full
from .models import OutgoingMail

_SALT = "wagtail_personalize.streams.mailing.clicks"
ACCEPTED, CLICKED = "accepted", "clicked"


@dataclass(frozen=True)
class Click:
    """Which page, from which mail to whom."""

    mail_id: Any
    person_id: str
    mailing: str
    page_id: Any

    @property
    def token(self) -> str:
        """The same for every click on the same link."""
        return f"{CLICKED}:{self.mail_id}:{self.page_id}"


def mailing_of(mail: OutgoingMail) -> str:
    """What kind of mail it is: ``"digest"`` or the name of an event."""
    return DIGEST if mail.notice_id is None else mail.notice.event


def link_to(told: Told, mail: OutgoingMail, base: str) -> str:
    """The address for what a mail tells of; empty if it leads nowhere by itself."""
    page = told.page
    if page is None:
        return told.url
    known = [mail.pk, str(mail.person_id), mailing_of(mail), page.pk]
    counted = full(base, "mail_click", signing.dumps(known, salt=_SALT)) if mail_told.has_listeners() else ""
    return counted or page.get_full_url() or ""


def click_in(token: str) -> Click | None:
    """``None`` for a token that was not made here."""
    try:
        return Click(*signing.loads(token, salt=_SALT))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def tell_accepted(mail: OutgoingMail) -> None:
    """The mail server took a mail."""
    fields = {"person_id": mail.person_id, "mailing": mailing_of(mail), "step": ACCEPTED}
    mail_told.send_robust(sender=None, **fields, token=f"{ACCEPTED}:{mail.pk}")


@method_decorator(never_cache, name="dispatch")
class ClickView(View):
    """On to the page; whether somebody may open it is asked there."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        click = click_in(token)
        page = click and Page.objects.filter(pk=click.page_id, live=True).first()
        url = page.get_url(request) if page else None
        if click and url and request.method == "GET":
            _tell_clicked(click, request)
        if url:
            url = came_by(url, DIGEST if click.mailing == DIGEST else "mail")
        answer = redirect(url or full("", "notifications") or "/")
        answer["Referrer-Policy"] = "no-referrer"
        answer["X-Robots-Tag"] = "noindex"
        return answer


def _tell_clicked(click: Click, request: HttpRequest) -> None:
    viewer = viewer_for(request)
    if not viewer.is_preview and str(viewer.person_id) == click.person_id:
        fields = {"person_id": viewer.person_id, "mailing": click.mailing, "step": CLICKED}
        mail_told.send_robust(sender=None, **fields, token=click.token)
