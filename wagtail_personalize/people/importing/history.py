"""Keeping the history of runs, with the checkpoint from which a killed one goes on."""

from pathlib import Path
from typing import Any, Self

from django.utils import timezone

from .error_file import ErrorFile
from .mapping.definition import Mapping
from .models import ImportRun
from .one_at_a_time import claim, let_go, refuse_second
from .results import Counts
from .sources.contract import PeopleSource


class History:
    """One run on record. Everything it writes goes into the transaction of what it records."""

    def __init__(self, run: ImportRun, *, resumed: bool = False) -> None:
        self.run = run
        self.resumed = resumed

    @classmethod
    def open(
        cls, source: PeopleSource, mapping: Mapping, mode: str, *, error_path: Path | None, by: Any, resume: bool
    ) -> Self:
        """Begin a run, or go on with the last one of this file, mapping and mode if that was interrupted."""
        refuse_second()
        same = {"sha256": source.fingerprint, "mapping_hash": mapping.fingerprint(*source.statements()), "mode": mode}
        if resume and (run := _interrupted(same, error_path)):
            history = cls(run, resumed=True)
        else:
            names = {"file_name": source.name[-255:], "error_file": str(error_path or "")[-500:]}
            history = cls(ImportRun.objects.create(**same, **names, by=by, state=ImportRun.State.INTERRUPTED))
        claim(history.run)
        return history

    def take_lock(self) -> None:
        """Begin a transaction with a write: SQLite cannot turn a reader into a writer while others write."""
        ImportRun.objects.filter(pk=self.run.pk).update(seen_at=timezone.now())

    def save(self, checkpoint: int, counts: Counts, errors: ErrorFile) -> None:
        """All lines up to the checkpoint are settled."""
        self.run.checkpoint, self.run.counts, self.run.error_bytes = checkpoint, vars(counts).copy(), errors.size
        self.run.save(update_fields=["checkpoint", "counts", "error_bytes"])

    def expect(self, total: int) -> None:
        """The file has been read: so many of its lines will be applied."""
        self.run.total, self.run.seen_at = total, timezone.now()
        self.run.save(update_fields=["total", "seen_at"])

    def close(self, state: str, report: dict[str, Any]) -> None:
        """The run has ended; ``report`` is what is to be told about it."""
        let_go(self.run)
        self.run.state, self.run.finished_at, self.run.report = state, timezone.now(), report
        self.run.save(update_fields=["state", "finished_at", "report"])


def _interrupted(same: dict[str, str], error_path: Path | None) -> ImportRun | None:
    """The last run, if it read the whole file and did not come to its end, and its error file is still there."""
    run = ImportRun.objects.filter(**same).order_by("-pk").first()
    if run is None or not run.counts or run.state not in (ImportRun.State.RUNNING, ImportRun.State.INTERRUPTED):
        return None
    if run.error_bytes and not (
        run.error_file == str(error_path or "") and error_path.exists() and error_path.stat().st_size >= run.error_bytes
    ):
        return None
    return run
