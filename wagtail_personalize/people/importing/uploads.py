"""What the admin remembers on the way to an import: saved mappings, and files that somebody has uploaded."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .models import ImportRun


class ImportMapping(models.Model):
    """A mapping under a name: the same as a mapping file, so that next month's file needs no thinking."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    #: What ``Mapping.from_dict`` takes.
    mapping = models.JSONField(_("mapping"), default=dict)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("changed by"),
    )

    class Meta:
        verbose_name = _("mapping")
        verbose_name_plural = _("mappings")
        default_permissions = ()
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ImportUpload(models.Model):
    """One file on its way through the wizard.

    The file itself is in private storage until its run has ended, and never longer than a week. ``state`` moves only by
    ``ImportUpload.objects.filter(pk=…, state=…).update(state=…)``, so that a click and a worker cannot overtake each
    other.
    """

    class State(models.TextChoices):
        COLUMNS = "columns", _("Columns to be assigned")
        COMPARING = "comparing", _("Being compared")
        COMPARED = "compared", _("To be confirmed")
        WAITING = "waiting", _("Waiting to be imported")
        IMPORTING = "importing", _("Being imported")
        ENDED = "ended", _("Ended")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    #: How its owner calls the file, and how the storage does; empty when the file is deleted.
    file_name = models.CharField(_("file"), max_length=255)
    stored = models.CharField(max_length=255, blank=True)
    #: The name of the list of rejected lines in the storage, once there may be one.
    rejected = models.CharField(max_length=255, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    #: What somebody said instead of what is detected.
    encoding = models.CharField(max_length=40, blank=True)
    delimiter = models.CharField(max_length=5, blank=True)
    date_format = models.CharField(max_length=20, blank=True)
    mapping = models.JSONField(default=dict)
    mode = models.CharField(max_length=10, choices=ImportRun.Mode, default=ImportRun.Mode.CHANGES)
    allow_leavers = models.BooleanField(default=False)
    state = models.CharField(max_length=15, choices=State, default=State.COLUMNS)
    #: Why the last step did not come to its end, as a sentence.
    problem = models.TextField(blank=True)
    #: What the comparison found; holds names, and is emptied with the file.
    preview = models.JSONField(default=dict)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    stop = models.BooleanField(default=False)
    run = models.ForeignKey(ImportRun, null=True, on_delete=models.SET_NULL, related_name="uploads")

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["at"], name="personalize_importupload_at")]

    def __str__(self) -> str:
        return self.file_name
