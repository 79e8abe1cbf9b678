"""Writing to one generation of an index."""

from collections.abc import Iterable
from pathlib import Path

from whoosh.index import open_dir
from whoosh.writing import SegmentWriter

from .documents import Document
from .fields import KEY, field_for

#: Megabytes of postings kept in memory before they go to a temporary file.
MEMORY = 128


class GenerationWriter:
    """Adds and removes documents; a document replaces the one with the same key. Nothing shows before ``commit``.

    Opening one fails if the documents that are there cannot be read.
    """

    def __init__(self, generation: Path) -> None:
        self._index = open_dir(str(generation))
        self._open()
        try:
            self._writer.searcher()
        except Exception:
            self.cancel()
            raise

    def _open(self) -> None:
        self._writer: SegmentWriter = self._index.writer(limitmb=MEMORY)
        self._added: set[str] = set()
        self._is_new = self._index.is_empty()

    def add_fields(self, names: Iterable[str]) -> None:
        missing = [name for name in sorted(names) if name not in self._writer.schema]
        if missing and self._added:
            self._reopen()
        for name in missing:
            self._writer.add_field(name, field_for(name))

    def put(self, documents: list[Document]) -> None:
        latest = {document[KEY]: document for document in documents}
        self.remove(latest)
        self.add_fields({name for document in latest.values() for name in document})
        for key, document in latest.items():
            self._writer.add_document(**document)
            self._added.add(key)

    def remove(self, keys: Iterable[str]) -> None:
        """Whoosh deletes only what was there when the writer was opened, so what was added since is committed first."""
        keys = set(keys)
        if keys & self._added:
            self._reopen()
        if not self._is_new:
            for key in keys:
                self._writer.delete_by_term(KEY, key)

    def _reopen(self) -> None:
        self.commit()
        self._open()

    def commit(self) -> None:
        self._writer.commit()

    def close(self) -> None:
        self._index.close()

    def cancel(self) -> None:
        if not self._writer.is_closed:
            self._writer.cancel()
        self.close()
