"""The outbox: every e-mail that is to leave, is leaving or has left, as a row; and how somebody wants their mail.

A mail is written here in the transaction of its cause, claimed by a worker with a lease, and never lost: a worker that
dies while it talks to the mail server leaves a row that is visibly *unclear* (``AMBIGUOUS``) once its lease is over.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..notifications.models import Notice


class State(models.IntegerChoices):
    """Where a mail stands."""

    WAITING = 0, pgettext_lazy("e-mail", "Waiting")
    SENDING = 1, pgettext_lazy("e-mail", "Being sent")
    SENT = 2, pgettext_lazy("e-mail", "Sent")
    #: The server refused it for good, or too often.
    FAILED = 3, pgettext_lazy("e-mail", "Refused")
    #: Nobody knows whether the server took it.
    AMBIGUOUS = 4, pgettext_lazy("e-mail", "Unclear")
    #: When it was to be sent there was nothing (left) that the person may or wants to get.
    DROPPED = 5, pgettext_lazy("e-mail", "Not needed any more")


class OutgoingMail(models.Model):
    """One e-mail to one person. What it says is put together when it leaves, so that no right is older than that."""

    #: What makes it the only one: ``digest:2026-11-22:17``, ``notice:5:17``. Also its Message-ID.
    key = models.CharField(max_length=80, unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    #: The notice that it is about; ``None`` for a digest.
    notice = models.ForeignKey(Notice, null=True, on_delete=models.CASCADE, related_name="+")
    #: The notices chosen for it when it first left; a retry sends the same ones, as far as they are still allowed.
    notice_ids = models.JSONField(default=list)
    state = models.PositiveSmallIntegerField(choices=State, default=State.WAITING)
    #: Not before.
    due_at = models.DateTimeField()
    #: Until when a worker has it for itself.
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    #: What the mail server said last, or why it was not needed any more.
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("outgoing e-mail")
        verbose_name_plural = _("outgoing e-mails")
        indexes = [
            models.Index(fields=["state", "due_at"], name="personalize_mail_state"),
            models.Index(fields=["ended_at"], name="personalize_mail_ended"),
        ]
        default_permissions = ("view",)
        permissions = [("resolve_outgoingmail", _("Can send unclear e-mails again or forget them"))]

    def __str__(self) -> str:
        return self.key


class Digest(models.IntegerChoices):
    """How often somebody gets a digest."""

    OFF = 0, pgettext_lazy("digest", "Never")
    DAILY = 1, pgettext_lazy("digest", "Every work day")
    WEEKLY = 2, pgettext_lazy("digest", "Once a week")


class MailChoice(models.Model):
    """How somebody wants their mail. Without a row: a digest every work day, no quiet hours of their own."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    digest = models.PositiveSmallIntegerField(_("digest"), choices=Digest, default=Digest.DAILY)
    #: Between these hours (local, the second may be smaller) nothing leaves for them.
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    #: The person wants no e-mail at all from here, whatever else is chosen.
    no_mail = models.BooleanField(_("no e-mails at all"), default=False)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.person_id)
