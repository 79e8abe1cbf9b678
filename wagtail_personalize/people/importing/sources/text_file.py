"""What all sources that are text files have in common: the encoding is found out, stated, and may be said instead."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _

from .contract import MAX_LINE_BYTES, ImportRefused, PeopleSource
from .encodings import ERRORS, FileFacts, known, look_at


class TextFile(PeopleSource):
    """A file in a folder. A format says in ``newline`` how Python opens it, and reads what ``open`` gives."""

    newline: str | None = ""
    #: Does the format divide columns by a character that somebody may say?
    has_delimiter = False

    def __init__(self, path: Path | str, *, encoding: str | None = None) -> None:
        self.path = Path(path)
        self.name = self.path.name
        self._said_encoding = known(encoding) if encoding else None

    @cached_property
    def _facts(self) -> FileFacts:
        try:
            return look_at(self.path, self._said_encoding)
        except OSError as error:
            raise ImportRefused(
                _("The file %(name)s cannot be read: %(error)s.") % {"name": self.path, "error": error.strerror}
            ) from error

    @property
    def fingerprint(self) -> str:
        return self._facts.fingerprint

    @property
    def encoding(self) -> str:
        return self._facts.encoding

    def statements(self) -> list[str]:
        return [stated(_("Encoding: %s"), self.encoding, self._said_encoding)]

    @contextmanager
    def open(self) -> Iterator[TextIO]:
        """The file as text; bytes that are none are marked, so that only their line is rejected."""
        with open(self.path, encoding=self.encoding, errors=ERRORS, newline=self.newline) as text:
            try:
                yield text
            except UnicodeError as error:
                raise ImportRefused(
                    _("The file is not written in the encoding %(encoding)s. Say another one, or let it be detected.")
                    % {"encoding": self.encoding}
                ) from error


def stated(sentence: str, value: str, said: str | None) -> str:
    """What is in force, and who says so."""
    return sentence % value + (_(" (as you said)") if said else _(" (detected)"))


def limited_line(text: TextIO) -> str:
    """The next line; of one that is longer than allowed only the beginning, one character too long."""
    line = piece = text.readline(MAX_LINE_BYTES + 1)
    while len(piece) > MAX_LINE_BYTES and not piece.endswith(("\n", "\r")):
        piece = text.readline(MAX_LINE_BYTES + 1)
    return line


def is_too_long(text: str) -> bool:
    """Does this take more bytes than a line may have?"""
    return len(text) > MAX_LINE_BYTES // 4 and len(text.encode("utf-8", "surrogatepass")) > MAX_LINE_BYTES
