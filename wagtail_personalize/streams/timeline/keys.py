"""The place of an item in a timeline: its moment and its id in one number, so that no two are the same.

A page has one place in all its languages: the moment when the first of them was published, and the least of their ids.
So the same page from two sources, and the same page in two languages, are found to be one by the number alone.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

#: So many bits for the id; the other 32 count seconds since 1970, up to the year 2106.
_BITS = 31
_MOST_SECONDS = 2**32 - 1
#: After everything.
END = 2**63 - 1


def key_at(moment: datetime, number: int = 0) -> int:
    """The place of what was published then; without a number, the first place of that second."""
    seconds = min(max(int(moment.timestamp()), 0), _MOST_SECONDS)
    return (seconds << _BITS) | (number & (2**_BITS - 1))


def moment_at(key: int) -> datetime:
    """The second of a place."""
    return datetime.fromtimestamp(key >> _BITS, tz=UTC)


def key_of_family(pages: Iterable[Any]) -> int:
    """The place of live pages that are one page in several languages."""
    pages = list(pages)
    return key_at(min(page.first_published_at for page in pages), min(page.pk for page in pages))


def read_key(text: str) -> int | None:
    """A place from an address; ``None`` for anything else, which begins at the top."""
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        return None
    return key if 0 < (key := int(text)) <= END else None
