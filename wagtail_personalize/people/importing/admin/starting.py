"""From one step to the next: each moves the state of an upload once, and lets the work begin after the commit."""

import json
from functools import partial

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from ..models import ImportRun
from ..one_at_a_time import is_alive, refuse_second
from ..sources.contract import ImportRefused
from ..uploads import ImportUpload
from .tasks import compare_upload, import_upload

State = ImportUpload.State
_DECIDING = ("stored", "mapping", "mode", "encoding", "delimiter", "date_format", "preview")


def move(upload: ImportUpload, states: list[State], **values: object) -> bool:
    """Change the upload if it is in one of these states; ``False`` when somebody was faster."""
    return bool(ImportUpload.objects.filter(pk=upload.pk, state__in=states).update(**values))


def compare(upload: ImportUpload) -> None:
    """Let the file be compared with the stored people."""
    values = {"state": State.COMPARING, "problem": "", "preview": {}, "done": 0, "total": 0, "stop": False}
    if move(upload, [State.COLUMNS, State.COMPARED, State.COMPARING], **values):
        transaction.on_commit(partial(compare_upload.enqueue, str(upload.pk)))


def digest(upload: ImportUpload) -> str:
    """Stands for all that a preview shows and what it follows from; whoever confirms sends back what they saw."""
    said = {name: getattr(upload, name) for name in _DECIDING}
    salt = "wagtail_personalize.people.importing.preview"
    return salted_hmac(salt, json.dumps([str(upload.pk), said], sort_keys=True), algorithm="sha256").hexdigest()


@transaction.atomic
def begin(upload: ImportUpload, *, allow_leavers: bool, seen: str) -> None:
    """Let the file be imported; refuses while another import is alive, and a preview that nobody has ``seen``."""
    refuse_second()
    upload = ImportUpload.objects.select_for_update().get(pk=upload.pk)
    if not constant_time_compare(seen, digest(upload)):
        raise ImportRefused(_("The preview is a different one by now. Look at it again, and confirm it then."))
    if upload.preview.get("would_stop") and not allow_leavers:
        raise ImportRefused(_("Confirm that so many people have left."))
    values = {"state": State.WAITING, "allow_leavers": allow_leavers, "problem": "", "done": 0, "total": 0}
    if move(upload, [State.COMPARED], stop=False, **values):
        transaction.on_commit(partial(import_upload.enqueue, str(upload.pk)))


def go_on(upload: ImportUpload) -> None:
    """Let an interrupted import go on where it was."""
    refuse_second()
    if not may_go_on(upload):
        raise ImportRefused(_("This import cannot go on. Upload the file again: what is imported already stays."))
    if move(upload, [State.ENDED, State.IMPORTING], state=State.WAITING, problem="", stop=False):
        transaction.on_commit(partial(import_upload.enqueue, str(upload.pk)))


def may_go_on(upload: ImportUpload) -> bool:
    """Is the run interrupted, and its file still there?"""
    run = upload.run
    if not upload.stored or upload.state not in (State.ENDED, State.IMPORTING):
        return False
    if run is None:
        return upload.state == State.IMPORTING
    return run.state == ImportRun.State.INTERRUPTED or (run.state == ImportRun.State.RUNNING and not is_alive(run))


def stop(upload: ImportUpload) -> None:
    """End what goes on, after the thousand people that are being written now; what only waits does not begin."""
    if not move(upload, [State.WAITING], state=State.COMPARED):
        move(upload, [State.COMPARING, State.IMPORTING], stop=True)
