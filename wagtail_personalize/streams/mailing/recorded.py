"""What the outbox keeps about a person, on the page "What is recorded about me"."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_personalize.privacy.recorded import Row, Section, register_recorded, said_moment
from wagtail_personalize.setsql import delete_rows

from .contents import REASONS
from .models import MailChoice, OutgoingMail, State

#: For so long it is known which mails were sent.
DAYS_KEPT = 90


@register_recorded
class MailsSection(Section):
    name = "mails"
    title = gettext_lazy("E-mails to you from here")
    purpose = gettext_lazy("So that no e-mail gets lost or is sent twice. What it said is not kept.")
    retention = gettext_lazy("90 days.")
    models = ("personalize_streams.OutgoingMail",)
    order = 440

    def rows(self, person: Any) -> list[Row]:
        return [
            Row(
                _("Digest") if mail.notice_id is None else _("Notification"),
                mail.get_state_display(),
                [
                    (_("When"), said_moment(mail.ended_at or mail.created_at)),
                    (_("Why"), REASONS.get(mail.error, "") if mail.state == State.DROPPED else ""),
                ],
            )
            for mail in OutgoingMail.objects.filter(person=person).order_by("-pk")
        ]


@register_recorded
class MailChoiceSection(Section):
    name = "mail_choice"
    title = gettext_lazy("How you want your e-mails")
    purpose = gettext_lazy("So that e-mails reach you as and when you want them.")
    retention = gettext_lazy("As long as your account exists, or until you change it.")
    models = ("personalize_streams.MailChoice",)
    order = 441

    def rows(self, person: Any) -> list[Row]:
        return [row for choice in MailChoice.objects.filter(person=person) for row in _told(choice)]


def _told(choice: MailChoice) -> list[Row]:
    rows = [Row(_("Digest"), choice.get_digest_display())]
    if choice.quiet_from is not None and choice.quiet_until is not None:
        rows.append(Row(_("No e-mails between"), f"{choice.quiet_from:%H:%M} – {choice.quiet_until:%H:%M}"))
    if choice.no_mail:
        rows.append(Row(_("No e-mails at all")))
    return rows


def purge_mails() -> int:
    """Forget mails that were sent, or given up, more than 90 days ago; returns how many."""
    return delete_rows(OutgoingMail.objects.filter(ended_at__lt=timezone.now() - timedelta(days=DAYS_KEPT)))
