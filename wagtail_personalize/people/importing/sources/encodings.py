"""Which encoding a file is in, found out by reading all of it once."""

import codecs
import hashlib
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from .contract import ImportRefused

#: Stands for bytes that are not text in the chosen encoding, so that only their line is rejected.
UNREADABLE = "\udcff"
ERRORS = "wagtail_personalize_unreadable"

BLOCK = 1024 * 1024
BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\xd0\xcf\x11\xe0")


def _mark(error: UnicodeError) -> tuple[str, int]:
    return UNREADABLE, error.end


codecs.register_error(ERRORS, _mark)


@dataclass(frozen=True)
class FileFacts:
    """What one pass over the bytes tells."""

    encoding: str
    fingerprint: str
    size: int


def look_at(path: Path, encoding: str | None = None) -> FileFacts:
    """Fingerprint the file and find its encoding, unless ``encoding`` says it; refuses archives."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors=ERRORS)
    digest, size, broken, letters, start = hashlib.sha256(), 0, 0, 0, b""
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            start = start or block[:8]
            digest.update(block)
            size += len(block)
            text = decoder.decode(block)
            unreadable = text.count(UNREADABLE)
            broken += unreadable
            letters += len(text) - len(text.encode("ascii", "ignore")) - unreadable
    _refuse_archives(start)
    return FileFacts(encoding or _encoding(start, broken, letters), digest.hexdigest(), size)


def _encoding(start: bytes, broken: int, letters: int) -> str:
    """A mark at the start decides; else UTF-8 unless more of it is broken than not, then Western European."""
    for mark, name in BYTE_ORDER_MARKS.items():
        if start.startswith(mark):
            return name
    return "cp1252" if broken > letters else "utf-8"


def _refuse_archives(start: bytes) -> None:
    if start.startswith(PACKED):
        raise ImportRefused(
            _("This is an archive or an Excel workbook. Unpack it, or save it as “CSV UTF-8”, and import that file.")
        )


def known(encoding: str) -> str:
    """``encoding`` itself when Python knows it; refuses others."""
    try:
        codecs.lookup(encoding)
        "".encode(encoding)
    except (LookupError, TypeError, ValueError):  # a codec that reads nothing raises ``UnicodeError``
        raise ImportRefused(
            _("“%(encoding)s” is not an encoding. Examples: utf-8, cp1252, utf-16.") % {"encoding": encoding}
        ) from None
    return encoding
