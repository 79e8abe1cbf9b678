"""The entries of an LDIF file (RFC 2849), one after the other.

Lines that begin with a space continue the one above, ``::`` announces base64, ``#`` a comment, and an empty line ends
an entry. A value at an address (``:<``) is never fetched.
"""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TextIO

from django.utils.translation import gettext as _

from .contract import MAX_LINE_BYTES
from .problems import is_text, too_long
from .text_file import is_too_long, limited_line

_VALUE = re.compile(r"([A-Za-z0-9][\w.;-]*):([:<]?)[ ]*(.*)", re.DOTALL)


@dataclass
class Entry:
    """One entry: the line it starts on, name → values in the order of the file, and what is wrong with it."""

    line: int
    values: dict[str, list[str]] = field(default_factory=dict)
    #: Names that have a value which is no text, such as a picture.
    no_text: set[str] = field(default_factory=set)
    problem: str = ""
    _size: int = 0

    def take(self, line: str) -> None:
        """The next line of the entry; once there is a problem, nothing more is kept."""
        match = _VALUE.fullmatch(line)
        if self.problem:
            return
        if not match:
            self.problem = _("“%(line)s” is no line of an LDIF file.") % {"line": _short(line)}
        elif not (self.values or match[1].lower() == "dn"):
            self.problem = _("An entry begins with “dn:”.")
        elif match[1].lower() == "changetype":
            self._take_change(match[3].strip().lower())
        elif match[1].lower() != "control":
            self._take_value(*match.groups())

    def _take_change(self, kind: str) -> None:
        if kind != "add":
            self.problem = _(
                "The entry says “changetype: %(kind)s”. Changes of a directory cannot be imported, only entries."
            ) % {"kind": _short(kind)}

    def _take_value(self, name: str, sign: str, given: str) -> None:
        if sign == "<":
            self.problem = _("The value of “%(name)s” stands elsewhere; such values are not fetched.") % {"name": name}
            return
        if is_too_long(given) and sign != ":":
            self.problem = too_long()
            return
        value = self._decoded(name, given) if sign == ":" else given
        if value is None:
            self.no_text.add(name)
        else:
            self.values.setdefault(name, []).append(value)
            self._size += len(name) + len(value)
        if self._size > MAX_LINE_BYTES:
            self.problem = too_long()

    def _decoded(self, name: str, given: str) -> str | None:
        """The text behind base64, or ``None`` when it is none."""
        if len(given) > MAX_LINE_BYTES:
            return None
        try:
            text = base64.b64decode(given.strip(), validate=True).decode()
        except UnicodeDecodeError:
            return None
        except ValueError:
            self.problem = _("The value of “%(name)s” is no valid base64.") % {"name": name}
            return ""
        return text if is_text(text) else None


def entries(text: TextIO) -> Iterator[Entry]:
    """All entries; without the line that names the version, and without comments."""
    entry: Entry | None = None
    begun = False
    for number, line in _whole_lines(text):
        if not line.strip():
            yield from [entry] if entry else []
            entry = None
        elif not line.startswith("#") and (begun or not line.lower().startswith("version:")):
            begun = True
            entry = entry or Entry(number)
            entry.take(line)
    if entry:
        yield entry


def _whole_lines(text: TextIO) -> Iterator[tuple[int, str]]:
    """(number, line) with the lines that continue it; of an endless one only the beginning."""
    number, start, parts, size = 0, 0, [], 0
    while physical := limited_line(text):
        number += 1
        physical = physical.lstrip("\ufeff").rstrip("\r\n")
        if not (physical.startswith(" ") and parts):
            yield from [(start, "".join(parts))] if parts else []
            start, parts, size = number, [physical], len(physical)
        elif size <= MAX_LINE_BYTES:  # what is cut off behind that is too long already
            parts.append(physical[1:])
            size += len(physical) - 1
    if parts:
        yield start, "".join(parts)


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
