"""Pseudonyms: the same person is the same number within one content and one period, and within nothing else.

Each content has a secret for each calendar month, and one for each week that two months share. A pseudonym is
HMAC-SHA-256 of the person with that secret, cut to 63 bits. For each reporting segment the secret is replaced by
one derived from it and from the segment, so that rows in two segments have no number in common.
"""

import hmac
from collections.abc import Iterable
from datetime import date, timedelta
from secrets import token_bytes
from typing import Any, NamedTuple
from uuid import UUID

from ..models import PeriodKey


class Period(NamedTuple):
    """A calendar month, or a week that two months share, by its first day."""

    start: date
    week: bool = False


def month_of(day: date) -> Period:
    return Period(day.replace(day=1))


def shared_week_of(day: date) -> Period | None:
    """The week of ``day`` if it lies in two months; weeks begin on Monday."""
    monday = day - timedelta(days=day.weekday())
    return Period(monday, week=True) if monday.month != (monday + timedelta(days=6)).month else None


class Secret:
    """The key of a content in a period, or of a segment in them. Lives as long as a batch and knows what it made."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._pseudonyms: dict[Any, int] = {}
        self._names: dict[tuple, UUID] = {}
        self._of_segments: dict[UUID, Secret] = {}

    def of_segment(self, segment_uuid: UUID) -> "Secret":
        if segment_uuid not in self._of_segments:
            self._of_segments[segment_uuid] = Secret(self._digest("segment", segment_uuid.hex))
        return self._of_segments[segment_uuid]

    def pseudonym(self, person: Any) -> int:
        """63 bits."""
        if person not in self._pseudonyms:
            self._pseudonyms[person] = int.from_bytes(self._digest("person", str(person))[:8], "big") >> 1
        return self._pseudonyms[person]

    def name(self, *parts: Any) -> UUID:
        """The key of a row, or what joins some: always the same for the same parts, and for nobody else.

        Shaped like a random UUID: MariaDB takes others for each other.
        """
        if parts not in self._names:
            self._names[parts] = UUID(bytes=self._digest("name", *map(str, parts))[:16], version=4)
        return self._names[parts]

    def _digest(self, *parts: str) -> bytes:
        return hmac.digest(self._key, "\0".join(parts).encode(), "sha256")


def secrets(wanted: Iterable[tuple[int, Period]]) -> dict[tuple[int, Period], Secret]:
    """The secrets of contents (by key) in periods, made where they are missing; one query where none is."""
    wanted = set(wanted)
    found = secrets_known(wanted)
    if missing := sorted(wanted - found.keys()):
        rows = [PeriodKey(content_id=pk, start=p.start, week=p.week, secret=token_bytes(32)) for pk, p in missing]
        PeriodKey.objects.bulk_create(rows, ignore_conflicts=True)
        found |= secrets_known(set(missing))
    return found


def secrets_known(wanted: set[tuple[int, Period]]) -> dict[tuple[int, Period], Secret]:
    """Those of these secrets that there are; one query."""
    rows = PeriodKey.objects.filter(content__in={pk for pk, _ in wanted}, start__in={p.start for _, p in wanted})
    found = {(row.content_id, Period(row.start, row.week)): Secret(bytes(row.secret)) for row in rows}
    return {key: secret for key, secret in found.items() if key in wanted}
