"""Reading what an editor pasted or uploaded: e-mail addresses or staff numbers, in lines or columns.

Of a line with e-mail addresses all of these count ("Ada Lovelace <ada@example.com>; bob@example.com"), of any other
line the first column. When everything stands in one line, so does every column of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST_LINES = 20_000
MOST_BYTES = 1_000_000
#: No address and no staff number is longer; the rest of a longer text is not shown.
LONGEST = 254

_SEPARATORS = re.compile(r"[;,\t]")
_BRACKETS = re.compile(r"<([^<>]*@[^<>]*)>")


@dataclass(frozen=True)
class Entry:
    """What stands for one person, and in which line."""

    line: int
    text: str

    @property
    def key(self) -> str:
        """What is compared: case makes no difference."""
        return self.text.casefold()


def text_of(file: Any) -> str:
    """The text of an uploaded file; raises ``ValidationError`` for what is no text, or too much."""
    if file.size > MOST_BYTES:
        raise ValidationError(_too_large())
    content = file.read(MOST_BYTES + 1)
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise ValidationError(_("This is an Excel workbook. Save it as “CSV UTF-8” and upload that file."))
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\0" in text:
        raise ValidationError(_("This is no text file. Upload a CSV or TXT file."))
    return text


def entries(text: str) -> list[Entry]:
    """Everything in ``text`` that stands for somebody; raises ``ValidationError`` when it is too much, or nothing."""
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise ValidationError(_too_large())
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        raise ValidationError(_("There are more than %(number)d lines. Divide the list.") % {"number": MOST_LINES})
    alone = sum(1 for line in lines if line.strip()) == 1
    found = [Entry(number, cell) for number, line in enumerate(lines, 1) for cell in _people_in(line, alone)]
    if not found:
        raise ValidationError(_("Nothing was entered. Paste e-mail addresses or staff numbers, or choose a file."))
    if len(found) > MOST_LINES:
        raise ValidationError(_("There are more than %(number)d people. Divide the list.") % {"number": MOST_LINES})
    return found


def _people_in(line: str, alone: bool) -> Iterator[str]:
    cells = [cell for cell in _cells(line) if cell]
    addresses = [cell for cell in cells if "@" in cell]
    for cell in addresses or (cells if alone else cells[:1]):
        in_brackets = _BRACKETS.search(cell)
        yield (in_brackets[1] if in_brackets else cell).strip()[:LONGEST]


def _cells(line: str) -> list[str]:
    """The columns of a line, whichever separator there is; quotes around a column are left out."""
    return [cell.strip().strip("\"'").strip() for cell in _SEPARATORS.split(line)]


def _too_large() -> str:
    return _("This is more than %(number)d kilobytes. Divide the list.") % {"number": MOST_BYTES // 1000}
