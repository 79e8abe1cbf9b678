"""Searchers that stay open: opening one took a third of the time of a query.

A searcher is lent to one thread at a time and opened anew once its index has changed. Readers take no lock: they read
the generation they opened, and when a writer removes its files under their hands they begin again with the new one.
"""

import logging
import os
import struct
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from operator import itemgetter
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from whoosh.index import FileIndex, open_dir
from whoosh.reading import IndexReader, ReaderClosed
from whoosh.searching import Searcher

from .fields import KEY
from .folder import Folder
from .matching import Question

logger = logging.getLogger(__name__)
Answer = TypeVar("Answer")

ATTEMPTS, PAUSE = 8, 0.02
#: Files that vanished, or end too early: someone wrote in between, or they are damaged.
_UNREADABLE = (OSError, EOFError, struct.error, ReaderClosed)


class IndexIsDamaged(OSError):
    """The files of an index are there, and cannot be read."""


class Reading:
    """One open searcher, and what it was opened for."""

    def __init__(self, generation: Path) -> None:
        self.generation, self.process = generation, os.getpid()
        try:
            self.index: FileIndex = open_dir(str(generation), readonly=True)
            self.version = self.index.latest_generation()
            self.searcher: Searcher = self.index.searcher()
        except Exception as error:  # Whoosh raises whatever its parsers stumble over.
            raise IndexIsDamaged(f"The search index in {generation} cannot be read: {error!r}") from error

    def is_of_today(self, generation: Path) -> bool:
        return (
            self.generation == generation
            and self.process == os.getpid()
            and self.version == self.index.latest_generation()
        )

    def hits(self, question: Question) -> list[tuple[str, float]]:
        """(key, score) of all hits, the best first; of equal ones, the one that was indexed first."""
        hits = []
        for leaf, _offset in self.searcher.leaf_searchers():
            keys = _keys_of_segment(self.generation, leaf.reader())
            hits += [(keys[number], score) for number, score in sorted(question.scores(leaf).items())]
        hits.sort(key=itemgetter(1), reverse=True)
        return hits

    def close(self) -> None:
        if self.process == os.getpid():
            self.searcher.close()
            self.index.close()


def ask(folder: Folder, question: Callable[[Reading], Answer], otherwise: Answer) -> Answer:
    """The answer of the newest index; ``otherwise`` if there is none, or it cannot be read. Never an error."""
    for attempt in range(ATTEMPTS):
        generation = folder.current()
        if generation is None:
            break
        try:
            with _lent(generation) as reading:
                return question(reading)
        except _UNREADABLE as error:
            logger.debug("Attempt %d to read %s: %r", attempt, generation, error)
            time.sleep(PAUSE * attempt)
    logger.error("There is no readable search index in %s, so nothing is found: run update_index.", folder.path)
    return otherwise


_idle: dict[Path, list[Reading]] = defaultdict(list)
_lock = Lock()
#: Searchers kept per index; more threads than that open and close theirs.
KEPT = 8


@contextmanager
def _lent(generation: Path) -> Iterator[Reading]:
    reading = _idle_one(generation) or Reading(generation)
    try:
        yield reading
    except BaseException:
        _close(reading)
        raise
    _give_back(reading)


def _idle_one(generation: Path) -> Reading | None:
    with _lock:
        idle = _idle.pop(generation.parent, [])
    fresh = []
    for reading in idle:
        if reading.is_of_today(generation):
            fresh.append(reading)
        else:
            _close(reading)
    found = fresh.pop() if fresh else None
    with _lock:
        _idle[generation.parent] += fresh
    return found


def _give_back(reading: Reading) -> None:
    with _lock:
        idle = _idle[reading.generation.parent]
        if len(idle) < KEPT:
            idle.append(reading)
            return
    _close(reading)


def _close(reading: Reading) -> None:
    with suppress(Exception):
        reading.close()


_segments: OrderedDict[tuple[Path, Any], list[str]] = OrderedDict()
SEGMENTS_KEPT = 64


def _keys_of_segment(generation: Path, reader: IndexReader) -> list[str]:
    """A segment never changes, so its keys are read once and kept, those of the segments last used."""
    segment = reader.segment()
    if segment is None or not reader.doc_count_all():
        return []
    name = (generation, segment.segment_id())
    keys = _segments.get(name)
    if keys is None:
        keys = list(reader.column_reader(KEY))
    with _lock:
        _segments[name] = keys
        _segments.move_to_end(name)
        while len(_segments) > SEGMENTS_KEPT:
            _segments.popitem(last=False)
    return keys
