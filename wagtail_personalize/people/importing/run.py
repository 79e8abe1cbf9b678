"""Importing people from the first line to the last: the one function that the command and the admin call."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_personalize.people.declaration import get_declaration

from .batch.applying import Applying, Progress
from .error_file import ErrorFile
from .history import History
from .leaving import LeaversGuard, check_leavers
from .mapping.binding import Binding, bind
from .mapping.definition import Mapping
from .models import ImportRun
from .onlooker import Onlooker
from .reading import Reading, find_date_formats, read
from .results import Counts, Result
from .roster import Roster
from .sources.contract import ImportRefused, PeopleSource


def import_people(
    source: PeopleSource,
    mapping: Mapping,
    *,
    mode: str = ImportRun.Mode.CHANGES,
    dry_run: bool = False,
    allow_leavers: bool = False,
    resume: bool = False,
    error_path: Path | None = None,
    by: Any = None,
    progress: Progress = lambda done, total: None,
    onlooker: Onlooker | None = None,
    today: date | None = None,
) -> Result:
    """Make the stored people agree with ``source``.

    ``mode`` is ``"changes"`` or ``"full"`` (who is not in the file has left). A dry run reads and compares all of it
    but writes nothing to the database. ``resume`` goes on with the last run of the same file if that was interrupted.
    ``today`` decides which leave dates have come; ``onlooker`` sees each batch, as a preview does. Raises
    ``ImportRefused`` before anything is written when file, mapping and site do not fit, and its subclass
    ``LeaversGuard`` when too many people would become inactive.
    """
    full = ImportRun.Mode(mode) == ImportRun.Mode.FULL
    binding = bind(mapping, get_declaration(), source.columns, full=full)
    result = Result(dry_run, error_file=error_path)
    result.statements = [*source.statements(), *find_date_formats(source, binding)]
    history = None if dry_run else History.open(source, mapping, mode, error_path=error_path, by=by, resume=resume)
    result.run = history.run if history else None
    onlooker = onlooker or Onlooker()
    if history:
        onlooker.begun(history.run)
    with _recorded(history, result), Roster(binding.used_columns(source.columns)) as roster:
        errors, reading = _read(source, binding, roster, result, history, today or timezone.localdate())
        if not (history and history.resumed):
            _guard(binding, roster, result, full=full, allow=allow_leavers)
        if history:
            history.expect(len(roster))
        applying = Applying(binding, roster, errors, result, history, onlooker)
        applying.apply_lines(progress)
        if full and _may_mark_absent(reading, result, allow_leavers):
            applying.apply_absent()
        errors.sort()
    return result


def _read(
    source: PeopleSource, binding: Binding, roster: Roster, result: Result, history: History | None, today: date
) -> tuple[ErrorFile, Reading]:
    """Fill the roster. A resumed run has written the problems of the file already, and counted them."""
    if history and history.resumed:
        reading = read(source, binding, roster, ErrorFile(None), today)
        errors = ErrorFile(result.error_file, history.run.error_bytes)
        result.counts = Counts.from_dict(history.run.counts)
        result.statements.append(_("Going on after %(done)d lines.") % {"done": history.run.checkpoint})
    else:
        errors = ErrorFile(result.error_file)
        reading = read(source, binding, roster, errors, today)
        result.counts.rejected = errors.rejected
    result.lines, result.unidentified = reading.lines, reading.unidentified
    return errors, reading


def _guard(binding: Binding, roster: Roster, result: Result, *, full: bool, allow: bool) -> None:
    try:
        if not allow:
            check_leavers(binding, roster, full=full)
    except LeaversGuard as guard:
        if not result.dry_run:
            raise
        result.would_stop = str(guard)


def _may_mark_absent(reading: Reading, result: Result, allow: bool) -> bool:
    """Whoever stands in a line that nobody can read must not be taken for somebody who left."""
    if reading.unidentified and not allow:
        result.note(
            [
                _(
                    "%(lines)d lines do not say whom they are about, so nobody was marked as absent. "
                    "Correct them, or allow it (--allow-leavers)."
                )
                % {"lines": reading.unidentified}
            ]
        )
        return False
    return True


@contextmanager
def _recorded(history: History | None, result: Result) -> Iterator[None]:
    """Write down how the run ended."""
    state, refusal = ImportRun.State.INTERRUPTED, ""
    try:
        yield
        state = ImportRun.State.FINISHED
    except ImportRefused as error:
        state, refusal = ImportRun.State.STOPPED, str(error)
        raise
    finally:
        if history:
            with suppress(DatabaseError):
                history.close(state, result.report(refusal))
