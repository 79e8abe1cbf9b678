"""What can be wrong with a line of any format, in the same words."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from .contract import MAX_COLUMNS, MAX_LINE_BYTES, SEVERAL, ImportRefused
from .encodings import UNREADABLE


def too_long() -> str:
    return _("The line is longer than %(limit)d KiB.") % {"limit": MAX_LINE_BYTES // 1024}


def nul_byte() -> str:
    return _("The line contains a NUL byte.")


def unreadable_bytes(encoding: str) -> str:
    return _("The line contains bytes that are not text in the encoding %(encoding)s.") % {"encoding": encoding}


def refuse_too_many(found: int) -> None:
    """Refuse a file with more columns than anybody has use for."""
    if found > MAX_COLUMNS:
        raise ImportRefused(
            _("The file has %(found)d columns; at most %(limit)d are allowed.") % {"found": found, "limit": MAX_COLUMNS}
        )


def refuse_empty(name: str) -> ImportRefused:
    """The refusal of a file without anybody in it."""
    return ImportRefused(_("The file %(name)s is empty.") % {"name": name})


def is_text(text: str) -> bool:
    """Can a database store it? Half a letter, as an escape sequence may name it, is none."""
    return "\0" not in text and (text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text))


def problem_of(cells: Mapping[str, str], encoding: str) -> str:
    """Why cells that were read cannot be stored; empty when they can."""
    for text in cells.values():
        if "\0" in text:
            return nul_byte()
        if not is_text(text):
            escaped = UNREADABLE not in text
            return _("The line contains half a letter.") if escaped else unreadable_bytes(encoding)
    return ""


def cell(values: list[str]) -> str:
    """One cell for these values; what divides values is taken out of them."""
    return SEVERAL.join(stripped for value in values if (stripped := value.replace(SEVERAL, " ").strip()))
