"""The work behind the wizard. A task may run twice, late, or after a run that was killed: the end is the same."""

from typing import Any

from django.utils.translation import gettext as _
from django_tasks import task

from ..leaving import LeaversGuard
from ..mapping.definition import Mapping
from ..results import Result
from ..run import import_people
from ..sources.contract import ImportRefused
from ..storage import forget, rejected_of
from ..uploads import ImportUpload
from .collecting import Preview
from .files import opened
from .watching import Stopped, Watching

State = ImportUpload.State


@task()
def compare_upload(upload_id: str) -> None:
    """Find out what the import would change, and keep it for the preview."""
    upload = _in_state(upload_id, State.COMPARING)
    if upload is None:
        return
    collected, values = Preview(upload), {"state": State.COLUMNS}
    try:
        result = _import(upload, collected, rejected_of(upload.stored, preview=True), dry_run=True)
        values = {"state": State.COMPARED, "preview": collected.as_dict(result)}
    except ImportRefused as error:
        values["problem"] = str(error)
    except Stopped:
        pass
    except BaseException:
        values["problem"] = _broke_off()
        raise
    finally:
        _end(upload, State.COMPARING, **values)


@task()
def import_upload(upload_id: str) -> None:
    """Import the file, or go on with a run of it that was killed."""
    fresh = _move(upload_id, State.WAITING, state=State.IMPORTING)
    upload = _in_state(upload_id, State.IMPORTING)
    if upload is None:
        return
    ImportUpload.objects.filter(pk=upload_id).update(rejected=rejected_of(upload.stored))
    watching = Watching(upload)
    try:
        _import(upload, watching, rejected_of(upload.stored), resume=True, allow_leavers=upload.allow_leavers)
    except ImportRefused as error:
        if fresh or watching.run:
            _refused(upload, error, watching)
    except Stopped:
        _end(upload, State.IMPORTING, state=State.ENDED)
    except BaseException:
        _end(upload, State.IMPORTING, state=State.ENDED if watching.run else State.COMPARED, problem=_broke_off())
        raise
    else:
        _end(upload, State.IMPORTING, state=State.ENDED, stored="", preview={})
        forget(upload.stored, rejected_of(upload.stored, preview=True))


def _refused(upload: ImportUpload, error: ImportRefused, watching: Watching) -> None:
    """Nothing was written: back to the preview, or to a new one when too many people would leave by now."""
    stale = isinstance(error, LeaversGuard)
    run = {"run": None} if watching.run else {}
    _end(upload, State.IMPORTING, state=State.COLUMNS if stale else State.COMPARED, problem=str(error), **run)


def _broke_off() -> str:
    return _("It broke off with an error, which the site's log explains. What is imported already stays.")


def _import(upload: ImportUpload, watching: Watching, rejected: str, **options: Any) -> Result:
    with opened(upload, rejected) as (source, errors):
        return import_people(
            source,
            Mapping.from_dict(upload.mapping),
            mode=upload.mode,
            error_path=errors,
            by=upload.by,
            progress=watching.progress,
            onlooker=watching,
            **options,
        )


def _in_state(upload_id: str, state: State) -> ImportUpload | None:
    return ImportUpload.objects.filter(pk=upload_id, state=state).select_related("by").first()


def _move(upload_id: Any, before: State, **values: Any) -> bool:
    return bool(ImportUpload.objects.filter(pk=upload_id, state=before).update(**values))


def _end(upload: ImportUpload, before: State, **values: Any) -> None:
    _move(upload.pk, before, **values)
