"""HR files are deleted as soon as nobody needs them, and after a week in any case."""

from datetime import datetime, timedelta

from django.utils import timezone

from .models import ImportRun
from .storage import MARK, forget, left_behind, rejected_of
from .uploads import ImportUpload

KEPT = timedelta(days=7)


def purge_imports() -> int:
    """Delete uploads older than a week with their lists of rejected lines; returns how many.

    A file that no upload names, because a process was killed, goes after a week as well. What remains of a run are its
    counts: remarks about single people are forgotten as well.
    """
    expired = timezone.now() - KEPT
    at_work = {"state": ImportUpload.State.IMPORTING, "run__seen_at__gte": expired}
    uploads = ImportUpload.objects.filter(at__lt=expired).exclude(**at_work)
    deleted = 0
    for upload in uploads.iterator():
        forget_files(upload)
        deleted += upload.delete()[0]
    for run in ImportRun.objects.filter(finished_at__lt=expired, report__notes__isnull=False).iterator():
        run.report = {name: value for name, value in run.report.items() if name != "notes"}
        run.save(update_fields=["report"])
    return deleted + _forget_strays(expired)


def _forget_strays(expired: datetime) -> int:
    """Another site may use the same folder: its files are its own business until no site may have them any more."""
    found = left_behind(expired)
    if found:
        known = ImportUpload.objects.values_list("stored", "rejected")
        marks = {name[:MARK] for names in known for name in names}
        found = [name for name in found if name[:MARK] not in marks]
    forget(*found)
    return len(found)


def forget_file(upload: ImportUpload) -> None:
    """The file is not needed any more; its list of rejected lines still is."""
    forget(upload.stored, rejected_of(upload.stored, preview=True) if upload.stored else "")


def forget_files(upload: ImportUpload) -> None:
    """Nothing of this upload is needed any more."""
    if upload.stored:
        forget_file(upload)
    if upload.rejected:
        forget(upload.rejected)
