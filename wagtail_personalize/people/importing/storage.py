"""Where uploaded HR files lie: in private storage, under names that nobody can guess, never at a public address."""

import os
import re
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, storages

from wagtail_personalize.conf import get_settings

#: With so many characters, drawn by chance, the names of an upload's files begin.
MARK = 36
_UPLOADED = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}[\w.]*\.csv$")


class PrivateFolder(FileSystemStorage):
    """A folder that only the user of this process can read."""

    def __init__(self) -> None:
        owner = os.getuid() if hasattr(os, "getuid") else "site"
        folder = Path(tempfile.gettempdir()) / f"wagtail-personalize-imports-{owner}"
        super().__init__(folder, file_permissions_mode=0o600, directory_permissions_mode=0o700)

    def _save(self, name: str, content: File) -> str:
        folder = Path(self.location)
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if folder.is_symlink() or (hasattr(os, "getuid") and (found.st_uid != os.getuid() or found.st_mode & 0o077)):
            raise SuspiciousFileOperation(f"{folder} is not private; set IMPORT_STORAGE, or remove it.")
        return super()._save(name, content)

    def url(self, name: str | None) -> str:
        raise NotImplementedError("HR files have no address.")


def import_storage() -> Storage:
    """The storage that the setting names, or the private folder."""
    alias = get_settings().IMPORT_STORAGE
    return storages[alias] if alias else PrivateFolder()


def keep(content: File) -> str:
    """Store an upload; returns the name by which it is found again."""
    return import_storage().save(f"{uuid.uuid4()}.csv", content)


def rejected_of(stored: str, *, preview: bool = False) -> str:
    """The name of a stored file's list of rejected lines. A preview has one of its own: a run may have to go on."""
    return f"{stored}.{'preview' if preview else 'errors'}.csv"


def left_behind(before: datetime) -> list[str]:
    """The files of uploads that were last written before this moment, as far as the storage can tell."""
    storage = import_storage()
    try:
        names = storage.listdir("")[1]
        return [name for name in names if _UPLOADED.match(name) and storage.get_modified_time(name) < before]
    except (NotImplementedError, OSError):
        return []


def forget(*names: str) -> None:
    """Delete these, if they are there."""
    storage = import_storage()
    for name in filter(None, names):
        storage.delete(name)


@contextmanager
def on_disk(stored: str, rejected: str = "") -> Iterator[tuple[Path, Path]]:
    """The file, and its list of rejected lines, as paths; a remote storage is copied from, and gets the list back."""
    storage = import_storage()
    path = _path(storage, stored)
    if path and path.exists():
        yield path, path.with_name(Path(rejected or f"{stored}.none").name)
    else:
        with _copied(storage, stored, rejected) as paths:
            yield paths


def _path(storage: Storage, name: str) -> Path | None:
    try:
        return Path(storage.path(name))
    except NotImplementedError:
        return None


@contextmanager
def _copied(storage: Storage, stored: str, rejected: str) -> Iterator[tuple[Path, Path]]:
    with tempfile.TemporaryDirectory() as folder:
        copy, errors = Path(folder) / "people.csv", Path(folder) / "errors.csv"
        with storage.open(stored) as source, copy.open("wb") as target:
            shutil.copyfileobj(source, target)
        try:
            yield copy, errors
        finally:
            _give_back(storage, errors, rejected)


def _give_back(storage: Storage, errors: Path, rejected: str) -> None:
    if rejected:
        storage.delete(rejected)
        if errors.exists():
            with errors.open("rb") as file:
                storage.save(rejected, File(file))
