"""Keeping an index up to date: single objects by signal, all of them by a rebuild."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db.models import Model
from modelsearch.backends.base import BaseIndex
from modelsearch.index import class_is_indexed

from .documents import Document, documents
from .fields import names_of
from .folder import Folder, IndexIsBusy
from .generation import GenerationWriter
from .notes import Change, Notes, as_it_is_now, change

logger = logging.getLogger(__name__)


class WhooshIndex(BaseIndex):
    """The index of one root model and of all that inherit from it."""

    def __init__(self, backend: Any, name: str) -> None:
        super().__init__(backend)
        self.name = name
        self.folder = Folder(backend.path / name, backend.lock_timeout)

    def get_key(self) -> str:
        return self.name

    def add_items(self, model: type[Model], items: Iterable[Model]) -> None:
        items = list(items)
        if items and class_is_indexed(model):
            self._write([change(item) for item in items], documents(model, items))

    def delete_item(self, item: Model) -> None:
        if class_is_indexed(type(item)):
            self._write([change(item)], [])

    def reset(self) -> None:
        with self.folder.writing():
            self.folder.switch_to(self.folder.new_generation())

    def _write(self, changes: list[Change], found: list[Document]) -> None:
        """Store these documents, and remove the changed objects that have none."""
        try:
            with self.folder.writing():
                self._put(changes, found)
                catch_up(self.folder.waiting, self._put)
        except IndexIsBusy as busy:
            self.folder.waiting.add(changes)
            logger.warning("%s The next one to write to it will add %d objects for this one.", busy, len(changes))

    def _put(self, changes: list[Change], found: list[Document]) -> None:
        for notes in self.folder.builds():
            notes.add(changes)
        with generation_writer(self.folder) as writer:
            writer.remove(key for _label, key in changes)
            writer.put(found)

    def __str__(self) -> str:
        return self.name


def catch_up(notes: Notes, put: Any) -> None:
    """Bring over what was noted, as it is in the database now, until nothing is left."""
    while files := notes.files():
        changes = notes.read(files)
        put(sorted(changes), _documents_now(changes))
        for file in files:
            file.unlink(missing_ok=True)


def _documents_now(changes: set[Change]) -> list[Document]:
    objects = [obj for obj in map(as_it_is_now, changes) if obj is not None]
    return [document for obj in objects for document in documents(type(obj), [obj])]


@contextmanager
def generation_writer(folder: Folder, generation: Path | None = None) -> Iterator[GenerationWriter]:
    """A writer for the current generation (a new one where there is none), committed unless something goes wrong."""
    writer = GenerationWriter(generation) if generation else _writer_of_current(folder)
    try:
        yield writer
        writer.commit()
        writer.close()
    except BaseException:
        writer.cancel()
        raise


def _writer_of_current(folder: Folder) -> GenerationWriter:
    """Where the files are gone or damaged, an empty index takes their place: it can at least grow again."""
    current = folder.current()
    try:
        if current:
            return GenerationWriter(current)
    except Exception:
        logger.exception("The search index in %s cannot be read and begins anew: run update_index.", folder.path)
    folder.switch_to(folder.new_generation())
    return GenerationWriter(folder.current())


class BuildingIndex(WhooshIndex):
    """A new generation that is filled beside the one that is read."""

    def __init__(self, index: WhooshIndex) -> None:
        super().__init__(index.backend, index.name)
        with self.folder.writing():
            self.generation = self.folder.new_generation()
            self.lock = self.folder.building(self.generation)
        self.writer = GenerationWriter(self.generation)

    def add_model(self, model: type[Model]) -> None:
        self.writer.add_fields(names_of(model))

    def add_items(self, model: type[Model], items: Iterable[Model]) -> None:
        self.writer.put(documents(model, list(items)))

    def publish(self) -> None:
        self.writer.commit()
        self.writer.close()
        with self.folder.writing():
            catch_up(Notes(self.generation / "noted"), self._put)
            self.folder.switch_to(self.generation)
            self.lock.release()

    def _put(self, changes: list[Change], found: list[Document]) -> None:
        with generation_writer(self.folder, self.generation) as writer:
            writer.remove(key for _label, key in changes)
            writer.put(found)


class WhooshRebuilder:
    """Fills a new generation and lets readers see it in one step. Two at once build one each; the last one stays."""

    def __init__(self, index: WhooshIndex) -> None:
        self.index = index

    def start(self) -> BuildingIndex:
        self.building = BuildingIndex(self.index)
        return self.building

    def finish(self) -> None:
        self.building.publish()
