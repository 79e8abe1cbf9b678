"""Notices, notifications and what people chose.

A ``Notice`` says once that something happened. A ``Notification`` is one person's copy of it: two small numbers and two
flags, written for all people in one statement (``fan_out.py``). Neither says that somebody may see the page: whoever
shows or sends one asks the one door again.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wagtail_personalize.segments.models import Segment

from ..sources.models import Source


class Mail(models.IntegerChoices):
    """Whether and when an event reaches a person by e-mail."""

    NONE = 0, pgettext_lazy("by e-mail", "Not by e-mail")
    DIGEST = 1, pgettext_lazy("by e-mail", "In the digest")
    NOW = 2, pgettext_lazy("by e-mail", "At once")


class Notice(models.Model):
    """Something happened that people are told about. The same event about the same thing makes one notice only."""

    #: The name of the event; see ``events.py``.
    event = models.CharField(max_length=20)
    #: What it is about, so that it is told once: the translation key of a page, say.
    key = models.CharField(max_length=64)
    #: The page it is about, in all its languages.
    translation_key = models.UUIDField(null=True, db_index=True)
    at = models.DateTimeField()
    #: Who did it; is never told of it.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    #: The source that it is about.
    source = models.ForeignKey(
        Source, null=True, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    #: An editor sends it to everybody whom the page concerns, not only to those who follow it.
    to_everybody = models.BooleanField(default=False)
    #: What the editor who sends it says beside it; plain text.
    text = models.CharField(max_length=300, blank=True)
    #: All notifications are written. Until then, whoever finds it writes those that are missing.
    is_complete = models.BooleanField(default=False)
    #: An editor stopped it: nothing more is written or sent.
    is_stopped = models.BooleanField(default=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [models.UniqueConstraint(fields=["event", "key"], name="personalize_notice_once")]
        indexes = [models.Index(fields=["is_complete", "at"], name="personalize_notice_open")]
        default_permissions = ()
        permissions = [("send_notices", _("Can notify the people whom a page concerns"))]

    def __str__(self) -> str:
        return f"{self.event} {self.key}"


class Notification(models.Model):
    """A notice reaches a person. Whether it was read is known to that person alone."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="+", db_index=False)
    #: Whether it is in the bell.
    in_app = models.BooleanField(default=True)
    mail = models.PositiveSmallIntegerField(choices=Mail, default=Mail.NONE)
    is_read = models.BooleanField(default=False)
    #: It went into an e-mail, or will: it never goes into another one.
    is_mailed = models.BooleanField(default=False)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "person"], name="personalize_notified_once")]
        indexes = [models.Index(fields=["person", "is_read", "notice"], name="personalize_notified")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.person_id}: {self.notice_id}"


class Preference(models.Model):
    """What one person chose for an event. Without a row the defaults hold."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    event = models.CharField(max_length=20)
    in_app = models.BooleanField()
    mail = models.PositiveSmallIntegerField(choices=Mail)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "event"], name="personalize_preference_once")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.person_id}: {self.event}"


class PreferenceDefault(models.Model):
    """What holds for the people of a segment who chose nothing themselves; the first in order that fits counts."""

    segment = models.ForeignKey(Segment, verbose_name=_("segment"), on_delete=models.CASCADE, related_name="+")
    event = models.CharField(_("event"), max_length=20)
    in_app = models.BooleanField(_("in the bell"), default=True)
    mail = models.PositiveSmallIntegerField(_("by e-mail"), choices=Mail, default=Mail.DIGEST)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("default of notifications")
        verbose_name_plural = _("defaults of notifications")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["segment", "event"], name="personalize_preference_default")]

    def __str__(self) -> str:
        return f"{self.segment}: {self.event}"
