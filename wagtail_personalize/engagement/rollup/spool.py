"""Counted figures on their way to the database: on disk, so that a large month needs no memory."""

import marshal
import tempfile
from collections.abc import Iterable, Iterator
from typing import Any, Self

from wagtail_personalize.people.batches import batches

_AT_ONCE = 2_000
_IN_MEMORY = 8 * 1024 * 1024
_LENGTH = 8


class Spool:
    """Tuples of numbers and texts, written once and read back in lists; use it as a context manager.

    The file has no name, so nothing of it stays behind when the process is killed.
    """

    def __init__(self, rows: Iterable[tuple[Any, ...]]) -> None:
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
        for some in batches(rows, _AT_ONCE):
            written = marshal.dumps(some)
            self._file.write(len(written).to_bytes(_LENGTH))
            self._file.write(written)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[list[tuple[Any, ...]]]:
        self._file.seek(0)
        while length := self._file.read(_LENGTH):
            yield marshal.loads(self._file.read(int.from_bytes(length)))
