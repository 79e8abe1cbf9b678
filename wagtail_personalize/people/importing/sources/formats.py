"""Which format a file has: what somebody says, else the ending of its name, else how it begins."""

import re
from pathlib import Path

from .csv_source import CsvSource
from .json_source import JsonSource
from .ldif_source import LdifSource
from .text_file import TextFile

FORMATS: dict[str, type[TextFile]] = {"csv": CsvSource, "json": JsonSource, "ldif": LdifSource}
ENDINGS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
    ".ldif": "ldif",
    ".ldi": "ldif",
}
_BEGINNINGS = {
    "json": re.compile(rb'\s*(\[\s*\{|\{\s*")'),
    "ldif": re.compile(rb"(#[^\n]*\n|\s)*(version: *\d|dn::? )", re.IGNORECASE),
}
_BYTE_ORDER = re.compile(rb"\xef\xbb\xbf|\xff\xfe|\xfe\xff|\0")


def source_for(
    path: Path, *, name: str = "", format: str = "", encoding: str | None = None, delimiter: str | None = None
) -> TextFile:
    """The source that reads this file; ``name`` is how people call it. A delimiter matters to CSV only."""
    kind = FORMATS[format or _found_out(path, name or path.name)]
    said = {"delimiter": delimiter} if kind.has_delimiter else {}
    source = kind(path, encoding=encoding, **said)
    source.name = name or source.name
    return source


def _found_out(path: Path, name: str) -> str:
    if known := ENDINGS.get(Path(name).suffix.lower()):
        return known
    try:
        with path.open("rb") as file:
            start = _BYTE_ORDER.sub(b"", file.read(4096))
    except OSError:
        return "csv"  # it says what is wrong when it is read
    return next((kind for kind, begins in _BEGINNINGS.items() if begins.match(start)), "csv")
