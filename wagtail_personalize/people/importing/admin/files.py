"""Looking into an uploaded file."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from ..sources.contract import ImportRefused, Line, as_text
from ..sources.encodings import BYTE_ORDER_MARKS
from ..sources.formats import source_for
from ..sources.text_file import TextFile
from ..storage import import_storage, on_disk
from ..uploads import ImportUpload

#: How many lines are looked at for examples, how many examples are shown, and how long they may be.
SAMPLE, EXAMPLES, LONGEST = 200, 3, 60

#: What other kinds of files begin with. Archives and workbooks are refused by the source itself.
_NO_TEXT = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"\x7fELF", b"MZ")
_MARKUP = (b"<!doctype", b"<html", b"<?xml")


@contextmanager
def opened(upload: ImportUpload, rejected: str = "") -> Iterator[tuple[TextFile, Path]]:
    """The file as the import reads it, and where its rejected lines go."""
    if not upload.stored or not import_storage().exists(upload.stored):
        raise ImportRefused(_("The file is deleted already. Upload it again."))
    with on_disk(upload.stored, rejected) as (path, errors):
        said = {"encoding": upload.encoding or None, "delimiter": upload.delimiter or None}
        yield source_for(path, name=upload.file_name, **said), errors


def check_content(upload: ImportUpload) -> list[str]:
    """The names of the columns; refuses what is no table of people."""
    with opened(upload) as (source, _errors):
        _refuse_other_kinds(source, bool(upload.encoding))
        try:
            columns = [name for name in source.columns if name]
            first = next(iter(source.lines()), None)
        except UnicodeError:
            raise ImportRefused(_("The file cannot be read in this encoding. Choose another one.")) from None
        if first is None:
            raise ImportRefused(_("The file holds only the names of its columns, and no people."))
    return columns


def _refuse_other_kinds(source: TextFile, encoding_said: bool) -> None:
    source.statements()  # archives are refused here, with a sentence of their own
    with source.path.open("rb") as file:
        start = file.read(4096)
    marked = start.startswith(tuple(BYTE_ORDER_MARKS))
    binary = b"\0" in start and not (marked or encoding_said)
    if binary or start.startswith(_NO_TEXT) or start.lstrip().lower().startswith(_MARKUP):
        raise ImportRefused(
            _("This is no CSV file, and neither JSON nor LDIF. Save the table as “CSV UTF-8”, and upload that file.")
        )


def examples(source: TextFile) -> dict[str, list[str]]:
    """Column → up to three different texts from the first lines."""
    found: dict[str, list[str]] = {name: [] for name in source.columns if name}
    for line in islice(source.lines(), SAMPLE):
        for name, cell in line.cells.items() if isinstance(line, Line) else ():
            text = as_text(cell)
            shown = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
            if shown and len(found[name]) < EXAMPLES and shown not in found[name]:
                found[name].append(shown)
    return found
