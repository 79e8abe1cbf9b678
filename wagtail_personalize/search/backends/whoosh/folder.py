"""Where an index lies on disk, and who may write to it.

A folder holds *generations*, complete indexes of which the file ``current`` names one. A rebuild fills a new generation
and then replaces that file: readers see the old index or the new one, never half of it. One process at a time writes,
under a lock that the system releases when the process dies. Changes made while a rebuild reads the database are noted
in the new generation; changes that found the lock taken for too long are noted as waiting, for the next writer.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from whoosh.index import create_in
from whoosh.util.filelock import FileLock, try_for

from .fields import empty_schema
from .notes import Notes

#: Grows when older indexes would answer wrongly; they then count as missing until the next rebuild.
LAYOUT = 1
_POINTER, _WRITING, _BUILDING = "current", "writing.lock", "building.lock"


class IndexIsBusy(Exception):
    """Another process kept writing for longer than this one was ready to wait."""


class Folder:
    """The files of one index. Every method may be called by many processes at once; those that write say so."""

    def __init__(self, path: Path, patience: float) -> None:
        self.path, self.patience = path, patience
        self.waiting = Notes(path / "waiting")

    def current(self) -> Path | None:
        """The generation to read, if there is one of this layout."""
        name = self._pointer()
        while name.startswith(f"{LAYOUT}-") and not (self.path / name).is_dir():
            before, name = name, self._pointer()
            if name == before:
                return None
        return self.path / name if name.startswith(f"{LAYOUT}-") else None

    def _pointer(self) -> str:
        with suppress(OSError):
            return (self.path / _POINTER).read_text().strip()
        return ""

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One process at a time is in here; raises ``IndexIsBusy`` when it was not this one's turn in time."""
        self.path.mkdir(parents=True, exist_ok=True)
        lock = FileLock(str(self.path / _WRITING))
        if not try_for(lock.acquire, timeout=self.patience, delay=0.05):
            raise IndexIsBusy(
                f"The search index in {self.path} is being written to for more than {self.patience:g} seconds."
            )
        try:
            yield
        finally:
            lock.release()

    def new_generation(self) -> Path:
        """An empty generation that is not yet read. Only while writing."""
        generation = self.path / f"{LAYOUT}-{uuid4().hex}"
        generation.mkdir()
        create_in(str(generation), empty_schema()).close()
        return generation

    def switch_to(self, generation: Path) -> None:
        """Let readers see this generation from now on, and remove those that nobody builds. Only while writing."""
        temporary = self.path / f"{_POINTER}-{uuid4().hex}"
        with temporary.open("w") as file:
            file.write(generation.name)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self.path / _POINTER)
        self._remove_all_but(generation)

    def building(self, generation: Path) -> FileLock:
        """Mark a generation as being built by this process, for as long as it lives or until it releases the lock."""
        lock = FileLock(str(generation / _BUILDING))
        lock.acquire()
        return lock

    def builds(self) -> list[Notes]:
        """Where to note changes for the rebuilds that are under way."""
        return [Notes(generation / "noted") for generation in self._others(self.current()) if _is_built(generation)]

    def _others(self, than: Path | None) -> list[Path]:
        return [path for path in self.path.glob("*-*") if path.is_dir() and path != than]

    def _remove_all_but(self, generation: Path) -> None:
        for other in self._others(generation):
            if not _is_built(other):
                shutil.rmtree(other, ignore_errors=True)
        for leftover in self.path.glob(f"{_POINTER}-*"):
            leftover.unlink(missing_ok=True)


def _is_built(generation: Path) -> bool:
    """Whether a living process still fills this generation."""
    if not (generation / _BUILDING).exists():
        return False
    lock = FileLock(str(generation / _BUILDING))
    with suppress(OSError):
        if not lock.acquire():
            return True
        lock.release()
    return False
