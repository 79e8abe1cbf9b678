"""Who speaks up on pages. Rooms above this one, and the site, tell where that is stored::

    register_voices(Voices("comments", rows=visible_comments, person="author", at="created_at"))

Only what is done openly belongs here, never who read something.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet


@dataclass(frozen=True)
class Voices:
    """Rows that everybody who may open the page may see; the names of the fields that say where, who and when."""

    name: str
    rows: Callable[[], QuerySet]
    #: The field with the translation key of the page: it is one page in all its languages.
    page: str = "translation_key"
    person: str = "person"
    at: str = "at"


_voices: dict[str, Voices] = {}


def register_voices(voices: Voices) -> None:
    """Let these people count. Registering some of the same name again takes their place."""
    _voices[voices.name] = voices


def all_voices() -> Iterable[Voices]:
    return _voices.values()
