"""The index of the timeline, and what is remembered of who reads it.

A ``TimelineItem`` is a copy of what holds elsewhere: this page is live, belongs to this source and has this audience.
``index.py`` writes it; nobody is shown anything because of it without the one door agreeing.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..formats.models import Format
from ..sources.models import Source


class TimelineItem(models.Model):
    """A live page is an item of a source. ``key`` sorts; a page has the same one in all its languages (``keys.py``)."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+", db_index=False)
    page = models.ForeignKey(
        getattr(settings, "WAGTAIL_PAGE_MODEL", "wagtailcore.Page"),
        on_delete=models.CASCADE,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    key = models.BigIntegerField()
    #: The access audience in force for the page; 0 is everybody, and what is not known yet (−1) nobody.
    audience = models.BigIntegerField()
    format = models.PositiveSmallIntegerField(choices=Format, default=Format.TEXT, db_default=Format.TEXT)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "source"], name="personalize_timeline_item")]
        indexes = [
            # A part of the timeline is answered from the first alone; the second finds what else is at a place.
            models.Index(fields=["source", "key", "audience"], name="personalize_timeline_source"),
            models.Index(fields=["key"], name="personalize_timeline_key"),
            # The same for one format.
            models.Index(fields=["source", "format", "key", "audience"], name="personalize_timeline_format"),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.source_id}: {self.page_id}"


class LastLook(models.Model):
    """How far somebody has looked at a list. What has a greater key is unseen; only they themselves are told."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    #: Which list: ``timeline``, ``news``.
    name = models.CharField(max_length=20)
    key = models.BigIntegerField()

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="personalize_last_look")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.person_id}: {self.name}"


class MustKnow(models.Model):
    """A page that everybody whom it concerns must know, in all its languages, until its time is over."""

    translation_key = models.UUIDField(unique=True, editable=False)
    until = models.DateTimeField(_("until"))
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("must-know page")
        verbose_name_plural = _("must-know pages")
        default_permissions = ()
        permissions = [("mark_must_know", _("Can mark pages that everybody must know"))]

    def __str__(self) -> str:
        return str(self.translation_key)


class MustKnowRead(models.Model):
    """Somebody said that they have read a must-know page. Goes with it."""

    must_know = models.ForeignKey(MustKnow, on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "must_know"], name="personalize_must_know_read")]
        indexes = [models.Index(fields=["must_know"], name="personalize_must_know_reads")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.person_id}: {self.must_know_id}"
