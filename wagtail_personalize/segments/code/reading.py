"""From a file to entries that have the right form, or an error that says where it has not.

Nothing here asks the database. What the entries mean is found out by ``planning.py``.
"""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from ..rules.schema import shorten
from ..rules.shapes import is_storable
from .entries import faults_of
from .form import VERSION, Entry

LARGEST_FILE = 10 * 1024 * 1024
MOST_SEGMENTS = 5_000


class CannotLoad(Exception):
    """Why a file cannot be loaded: one sentence for each fault, each with its place in the file."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def read(file: BinaryIO) -> list[Entry]:
    """The entries of a file; raises ``CannotLoad``."""
    content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise CannotLoad([_("The file is larger than %(size)d MB.") % {"size": LARGEST_FILE // 1024**2}])
    return entries_in(_parsed(content))


def entries_in(told: Any) -> list[Entry]:
    """The entries of a document; raises ``CannotLoad``."""
    if found := _problem_of_document(told):
        raise CannotLoad([found])
    entries = told["segments"]
    faults = [*_faults(entries), *_repeated(entries)]
    if faults:
        raise CannotLoad(faults)
    return entries


def place(position: int, entry: Any = None) -> str:
    """Where an entry stands, for people: ``segments[3] (“it-team”)``."""
    slug = entry.get("slug") if isinstance(entry, dict) else None
    return f"segments[{position}]" + (f" (“{shorten(slug)}”)" if isinstance(slug, str) and is_storable(slug) else "")


def _parsed(content: bytes) -> Any:
    try:
        text = content.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=_once, parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise CannotLoad([_("The file is not UTF-8 text.")]) from None
    except json.JSONDecodeError as error:
        told = {"line": error.lineno, "column": error.colno, "reason": error.msg}
        raise CannotLoad([_("The file is not JSON: line %(line)d, column %(column)d: %(reason)s.") % told]) from None
    except RecursionError:
        raise CannotLoad([_("The file is nested too deeply.")]) from None
    except ValueError as error:
        raise CannotLoad([_("The file is not JSON: %(reason)s.") % {"reason": shorten(str(error))}]) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise CannotLoad([_("“%(name)s” stands twice in the same object.") % {"name": shorten(twice)}])
    return told


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _problem_of_document(told: Any) -> str:
    if not isinstance(told, dict) or not isinstance(told.get("segments"), list):
        return _('The file must say {"version": 1, "segments": […]}.')
    version = told.get("version")
    if isinstance(version, bool) or version != VERSION:
        return _("The file has the version %(version)s; this site reads version %(known)d.") % {
            "version": shorten(version),
            "known": VERSION,
        }
    if unknown := sorted(set(told) - {"version", "segments", "$schema"}):
        return _("The file has unknown parts: %(names)s.") % {"names": ", ".join(map(shorten, unknown[:5]))}
    if len(told["segments"]) > MOST_SEGMENTS:
        return _("The file has more than %(number)d segments.") % {"number": MOST_SEGMENTS}
    return ""


def _faults(entries: list[Any]) -> Iterator[str]:
    for position, entry in enumerate(entries):
        if not isinstance(entry, dict):
            yield f"{place(position)}: " + _("A segment must be an object.")
            continue
        yield from (f"{place(position, entry)}: {sentence}" for sentence in faults_of(entry))


def _repeated(entries: list[Any]) -> Iterator[str]:
    """Short names, names and UUIDs belong to one segment each."""
    for key in ("slug", "name", "uuid"):
        seen: dict[str, int] = {}
        for position, entry in enumerate(entries):
            value = entry.get(key) if isinstance(entry, dict) else None
            if isinstance(value, str) and seen.setdefault(value, position) != position:
                told = {"first": seen[value], "key": key}
                yield f"{place(position, entry)}: " + _("segments[%(first)d] has the same %(key)s.") % told
