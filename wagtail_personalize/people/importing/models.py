"""What the import remembers: each run with its checkpoint, and whom it made inactive."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ImportRun(models.Model):
    """One import of one file. Dry runs leave no trace."""

    class State(models.TextChoices):
        RUNNING = "running", pgettext_lazy("import", "Running")
        FINISHED = "finished", _("Finished")
        STOPPED = "stopped", _("Stopped before anything was written")
        INTERRUPTED = "interrupted", _("Interrupted")

    class Mode(models.TextChoices):
        CHANGES = "changes", _("Only a leave date means left")
        FULL = "full", _("Whoever is not in the file has left")

    file_name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField(_("fingerprint of the file"), max_length=64)
    #: Fingerprint of the mapping: a run is resumed only with the mapping that it was started with.
    mapping_hash = models.CharField(max_length=64)
    mode = models.CharField(_("mode"), max_length=10, choices=Mode)
    state = models.CharField(_("state"), max_length=15, choices=State, default=State.RUNNING)
    counts = models.JSONField(_("counts"), default=dict)
    #: How many lines, in the order in which they are applied, are committed.
    checkpoint = models.PositiveBigIntegerField(default=0)
    #: How many lines will be applied in all; 0 until the file has been read.
    total = models.PositiveBigIntegerField(default=0)
    #: What was said of the run as a whole (``Result.report``), for whoever reads it later.
    report = models.JSONField(default=dict)
    error_file = models.CharField(_("error file"), max_length=500, blank=True)
    #: Size of the error file at the checkpoint; what a killed run wrote behind it is cut off when it is resumed.
    error_bytes = models.PositiveBigIntegerField(default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("by"),
    )
    #: Which process is at it, and when it last wrote something: two imports at once are refused.
    process = models.CharField(max_length=300, blank=True)
    seen_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("import run")
        verbose_name_plural = _("import runs")
        default_permissions = ("view",)
        permissions = [("run_import", _("Can import people"))]
        indexes = [models.Index(fields=["sha256"], name="personalize_importrun_file")]

    def __str__(self) -> str:
        return f"{self.file_name}, {self.get_state_display()}"


class Departure(models.Model):
    """An import made this person inactive, so an import may bring them back.

    Somebody whom an administrator has locked out has no departure and stays locked out, whatever the file says.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    run = models.ForeignKey(ImportRun, null=True, on_delete=models.SET_NULL, related_name="departures")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.person_id} left"
